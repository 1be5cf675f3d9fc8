import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError, invalid } from '../../domain/errors.js';
import { ENTRY_KINDS, LISTS, readListEntry } from '../../domain/fraud/list-entry.js';
import type { StaffActor } from '../../domain/permissions.js';
import { ChangeFraudLists } from '../../flows/change-fraud-lists.js';
import { Database } from '../../platform/database.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import { listEntries } from '../../referrals/fraud-list.store.js';
import { Id } from '../api/fields.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { Typed } from './form.js';
import type { FraudListsView } from './fraud-views.js';
import { Desk, type DeskVisit } from './guard.js';
import { StaffPages } from './staff-pages.js';

const PER_PAGE = 50;
const LONGEST_NOTE = 500;

const ListQuery = z.object({ list: z.enum([...LISTS, '']).catch(''), after: z.string().optional() });
const EntryForm = z.object({
  list: z.enum(LISTS).catch('block'),
  kind: z.enum(ENTRY_KINDS).catch('address'),
  value: Typed,
  note: Typed,
});

/** Whom the publication knows better than the checks do. */
@ApiExcludeController()
@Controller('admin/p/:publication/fraud-lists')
export class FraudListsPageController {
  constructor(
    private readonly database: Database,
    private readonly lists: ChangeFraudLists,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('fraud-lists:manage')
  async list(
    @Desk() desk: DeskVisit,
    @Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const typed = { list: query.list || 'block', kind: 'address', value: '', note: '' } as const;
    const view = await this.view(desk, query, typed, null);
    return this.staffPages.send(request, reply, 'fraud-lists', view);
  }

  @Post()
  @StaffCan('fraud-lists:manage')
  async add(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Body({ schema: EntryForm }) form: z.infer<typeof EntryForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    if (form.note.length > LONGEST_NOTE) throw invalid('note', `must not be longer than ${LONGEST_NOTE} characters`);
    if (form.value.length > LONGEST_NOTE || !readListEntry(form.kind, form.value).ok) {
      const view = await this.view(desk, { list: '' }, form, `problem.list.${form.kind}`);
      return this.staffPages.send(request, reply, 'fraud-lists', view, 422);
    }
    const { isNew } = await this.lists.add(desk.workplace.id, { ...form, note: form.note || null }, by);
    return this.goBack(reply, desk, isNew ? 'list-entry-added' : 'list-entry-known');
  }

  @Post(':id/remove')
  @StaffCan('fraud-lists:manage')
  async remove(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Res() reply: FastifyReply,
  ) {
    if (!(await this.lists.remove(desk.workplace.id, id, by))) {
      throw new DomainError('request/not-found', 'There is no such entry');
    }
    return this.goBack(reply, desk, 'list-entry-removed');
  }

  private goBack(reply: FastifyReply, { workplace }: DeskVisit, said: string) {
    return this.staffPages.goOn(reply, `/admin/p/${workplace.slug}/fraud-lists`, said);
  }

  private async view(
    { workplace }: DeskVisit,
    { list, after }: z.infer<typeof ListQuery>,
    typed: FraudListsView['typed'],
    problem: string | null,
  ): Promise<FraudListsView> {
    const page = pageRequest({ limit: PER_PAGE, after });
    const filter = { list: list || null, kind: null };
    const { data, nextCursor } = pageOf(await listEntries(this.database.reader, workplace.id, filter, page), page);
    return {
      list,
      entries: data.map(({ id, list, kind, value, note, createdAt }) => ({ id, list, kind, value, note, createdAt })),
      typed,
      problems: { value: problem },
      older: nextCursor === null ? null : `?${new URLSearchParams({ list, after: nextCursor }).toString()}`,
    };
  }
}
