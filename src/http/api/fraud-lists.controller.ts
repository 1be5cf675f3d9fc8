import { Body, Controller, Delete, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { ENTRY_KINDS, LISTS } from '../../domain/fraud/list-entry.js';
import { ChangeFraudLists } from '../../flows/change-fraud-lists.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import type { FraudListEntry } from '../../referrals/fraud.entities.js';
import { listEntries } from '../../referrals/fraud-list.store.js';
import { PublicationId } from '../authenticate.js';
import { AnsweredInstant, Id, line, listOf } from './fields.js';
import { Operation } from './operation.js';

const NewEntry = z.strictObject({
  list: z.enum(LISTS).meta({
    description:
      'A referral of somebody blocked is rejected, and their signup causes no mail. `allow` wins over `block`, over every sign and cap, and over throw-away domains.',
  }),
  kind: z.enum(ENTRY_KINDS),
  value: z.string().max(500).meta({
    description: 'An address (with its aliases), a domain (with those below it), or a network such as 203.0.113.0/24.',
  }),
  note: line(500).nullish(),
});
const EntryAnswer = z
  .object({
    id: z.uuid(),
    list: z.enum(LISTS),
    kind: z.enum(ENTRY_KINDS),
    value: z.string().nullable().meta({ description: 'Null of a person who was erased: the entry still works.' }),
    note: z.string().nullable(),
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'FraudListEntry' });
const EntryQuery = PageQuery.extend({ list: z.enum(LISTS).optional(), kind: z.enum(ENTRY_KINDS).optional() });

/** Whom a publication knows better than the checks do. */
@ApiTags('referrals')
@Controller('api/v1/fraud-lists')
export class FraudListsController {
  constructor(
    private readonly database: Database,
    private readonly lists: ChangeFraudLists,
  ) {}

  @Get()
  @Operation({
    summary: 'Who is blocked and who is allowed, newest first',
    can: 'fraud-lists:manage',
    answer: listOf(EntryAnswer),
  })
  async list(@PublicationId() publicationId: string, @Query({ schema: EntryQuery }) query: z.infer<typeof EntryQuery>) {
    const page = pageRequest(query);
    const filter = { list: query.list ?? null, kind: query.kind ?? null };
    const { data, nextCursor } = pageOf(await listEntries(this.database.reader, publicationId, filter, page), page);
    return { data: data.map(entryAnswer), nextCursor };
  }

  @Post()
  @Operation({
    summary: 'Block or allow an address, a domain or a network; 201 when new, 200 when it was on the list',
    can: 'fraud-lists:manage',
    answer: EntryAnswer,
    alsoStatus: 201,
  })
  async add(
    @PublicationId() publicationId: string,
    @Body({ schema: NewEntry }) body: z.infer<typeof NewEntry>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { entry, isNew } = await this.lists.add(publicationId, { ...body, note: body.note ?? null });
    if (isNew) void reply.status(HttpStatus.CREATED);
    return entryAnswer(entry);
  }

  @Delete(':id')
  @Operation({
    summary: 'Take an entry off its list; what was decided by it stays',
    can: 'fraud-lists:manage',
    answer: null,
  })
  async remove(@PublicationId() publicationId: string, @Param('id', { schema: Id }) id: string) {
    if (!(await this.lists.remove(publicationId, id))) {
      throw new DomainError('request/not-found', 'There is no such entry');
    }
  }
}

function entryAnswer({ id, list, kind, value, note, createdAt }: FraudListEntry): z.input<typeof EntryAnswer> {
  return { id, list, kind, value, note, createdAt: createdAt.toISOString() };
}
