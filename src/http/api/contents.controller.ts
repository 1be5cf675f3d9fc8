import { Body, Controller, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Clock, Ids } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import { listContents, putContent } from '../../publications/content.store.js';
import { PublicationId } from '../authenticate.js';
import { AnsweredInstant, Instant, line, listOf, Slug, WebUrl } from './fields.js';
import { Operation } from './operation.js';

const Kind = z.enum(['issue', 'article', 'page']);
const PutContent = z.strictObject({
  title: line(300),
  description: line(300).nullish().meta({ description: 'What the preview of a shared link says below the title.' }),
  url: WebUrl,
  kind: Kind,
  publishedAt: Instant.nullish(),
});
const ContentAnswer = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    title: z.string(),
    description: z.string().nullable(),
    url: z.string(),
    kind: Kind,
    publishedAt: AnsweredInstant.nullable(),
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'Content' });

@ApiTags('contents')
@Controller('api/v1/contents')
export class ContentsController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
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
    @Param('slug', { schema: Slug }) slug: string,
    @Body({ schema: PutContent }) body: z.infer<typeof PutContent>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const publishedAt = body.publishedAt == null ? null : new Date(body.publishedAt);
    const description = body.description ?? null;
    const given = {
      ...body,
      description,
      publicationId,
      id: this.ids.next(),
      slug,
      publishedAt,
      createdAt: this.clock.now(),
    };
    const { content, created } = await putContent(this.database.reader, given);
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
