import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { StaffActor } from '../../domain/permissions.js';
import { CreateApiKey } from '../../flows/create-api-key.js';
import { RemoveApiKey } from '../../flows/remove-api-key.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import { listApiKeys } from '../../staff/api-key.store.js';
import { Actor, PublicationId } from '../authenticate.js';
import { AnsweredInstant, Id, line, listOf } from './fields.js';
import { Operation } from './operation.js';

const KeyRole = z.enum(['admin', 'editor', 'marketing', 'site']);
const NewApiKey = z.strictObject({ role: KeyRole, name: line(120) });
const ApiKeyAnswer = z
  .object({ id: z.uuid(), role: KeyRole, name: z.string(), createdAt: AnsweredInstant })
  .meta({ id: 'ApiKey' });

export const ApiKeyWithSecret = z
  .object({
    id: z.uuid(),
    role: KeyRole,
    name: z.string(),
    secret: z.string().meta({ description: 'Shown once. Stored only as a hash.' }),
  })
  .meta({ id: 'ApiKeyWithSecret' });

@ApiTags('API keys')
@Controller('api/v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly database: Database,
    private readonly createApiKey: CreateApiKey,
    private readonly removeApiKey: RemoveApiKey,
  ) {}

  @Post()
  @Operation({ summary: 'Make a key', can: 'api-keys:manage', status: 201, answer: ApiKeyWithSecret })
  create(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Body({ schema: NewApiKey }) body: z.infer<typeof NewApiKey>,
  ) {
    return this.createApiKey.run(publicationId, body, by);
  }

  @Get()
  @Operation({ summary: 'All keys, without their secrets', can: 'api-keys:manage', answer: listOf(ApiKeyAnswer) })
  async list(@PublicationId() publicationId: string, @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const page = pageRequest(query);
    const { data, nextCursor } = pageOf(await listApiKeys(this.database.reader, publicationId, page), page);
    return { data: data.map(({ id, role, name, createdAt }) => ({ id, role, name, createdAt })), nextCursor };
  }

  @Delete(':id')
  @Operation({
    summary: 'Take a key out of use, at once; not the last admin key',
    can: 'api-keys:manage',
    answer: null,
    errors: ['api-key/last-admin'],
  })
  async remove(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
  ) {
    await this.removeApiKey.run(publicationId, id, by);
  }
}
