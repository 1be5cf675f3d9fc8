import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import { getPublication } from '../../publications/publication.store.js';
import { type AuditRow, listAuditEntries } from '../../staff/audit.store.js';
import { PublicationId } from '../authenticate.js';
import { AnsweredInstant, Day, Id, listOf } from './fields.js';
import { Operation } from './operation.js';

const AuditQuery = PageQuery.extend({
  actor: z.string().max(100).optional().meta({ example: 'key:01935d2b-7a6e-7000-8000-000000000001' }),
  act: z.string().max(100).optional().meta({ example: 'referral.approve' }),
  subject: Id.optional().meta({ description: 'Id of what was acted on.' }),
  from: Day.optional().meta({ description: 'First day, in the zone of the publication.' }),
  to: Day.optional().meta({ description: 'Last day, included.' }),
});

const AuditAnswer = z
  .object({
    id: z.uuid(),
    actor: z
      .string()
      .meta({ description: '`key:{id of the API key}`, `account:{id}` of who was signed in, or `operator`.' }),
    keyName: z.string().nullable().meta({ description: 'Null when the key is gone.' }),
    accountName: z.string().nullable().meta({ description: 'Of who was signed in. Null when the account is gone.' }),
    role: z.string(),
    act: z.string(),
    subject: z.object({ kind: z.string(), id: z.uuid() }),
    note: z.string().nullable().meta({ description: 'Emptied when a person it is about is erased.' }),
    data: z.record(z.string(), z.unknown()),
    at: AnsweredInstant,
  })
  .meta({ id: 'AuditEntry' });

@ApiTags('audit')
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly database: Database) {}

  @Get()
  @Operation({ summary: 'Who decided what, newest first', can: 'audit:read', answer: listOf(AuditAnswer) })
  async list(@PublicationId() publicationId: string, @Query({ schema: AuditQuery }) query: z.infer<typeof AuditQuery>) {
    const page = pageRequest(query);
    const { timezone } = await getPublication(this.database.reader, publicationId);
    const { actor = null, act = null, subject = null, from = null, to = null } = query;
    const filter = { actor, act, subject, from, to, timezone };
    const { data, nextCursor } = pageOf(
      await listAuditEntries(this.database.reader, publicationId, filter, page),
      page,
    );
    return { data: data.map(answer), nextCursor };
  }
}

function answer({ id, actor, keyName, accountName, role, act, subjectKind, subjectId, note, data, at }: AuditRow) {
  return { id, actor, keyName, accountName, role, act, subject: { kind: subjectKind, id: subjectId }, note, data, at };
}
