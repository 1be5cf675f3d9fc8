import { Body, Controller, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { StaffActor } from '../../domain/permissions.js';
import { ChangeContent } from '../../flows/change-content.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import { listContents } from '../../publications/content.store.js';
import { Actor, PublicationId } from '../authenticate.js';
import { ContentAnswer, PutContent } from './contents.schema.js';
import { listOf, Slug } from './fields.js';
import { Operation } from './operation.js';

@ApiTags('contents')
@Controller('api/v1/contents')
export class ContentsController {
  constructor(
    private readonly database: Database,
    private readonly changeContent: ChangeContent,
  ) {}

  @Put(':slug')
  @Operation({
    summary: 'Make a content, or replace what is said of it',
    can: 'contents:write',
    answer: ContentAnswer,
    alsoStatus: 201,
  })
  async put(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('slug', { schema: Slug }) slug: string,
    @Body({ schema: PutContent }) body: z.infer<typeof PutContent>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const publishedAt = body.publishedAt == null ? null : new Date(body.publishedAt);
    const said = { ...body, description: body.description ?? null, publishedAt };
    const { content, created } = await this.changeContent.run(publicationId, slug, said, by);
    if (created) void reply.status(201);
    return answer(content);
  }

  @Get()
  @Operation({ summary: 'All contents, newest first', can: 'contents:read', answer: listOf(ContentAnswer) })
  async list(@PublicationId() publicationId: string, @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const page = pageRequest(query);
    const { data, nextCursor } = pageOf(await listContents(this.database.reader, publicationId, page), page);
    return { data: data.map(answer), nextCursor };
  }
}

function answer<T extends { publicationId: string }>({ publicationId: _, ...content }: T): Omit<T, 'publicationId'> {
  return content;
}
