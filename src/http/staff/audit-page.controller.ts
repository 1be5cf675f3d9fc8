import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Database } from '../../platform/database.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import { getPublication } from '../../publications/publication.store.js';
import { type AuditRow, listActors, listActs, listAuditEntries } from '../../staff/audit.store.js';
import { Day } from '../api/fields.js';
import { StaffCan } from '../policy.js';
import { Typed } from './form.js';
import { Desk, type DeskVisit } from './guard.js';
import { StaffPages } from './staff-pages.js';
import type { AuditLogView } from './staff-views.js';

const PER_PAGE = 50;
const AuditQuery = z.object({ who: Typed, act: Typed, from: Typed, to: Typed, after: z.string().optional() });

/** Who decided what. */
@ApiExcludeController()
@Controller('admin/p/:publication/audit')
export class AuditPageController {
  constructor(
    private readonly database: Database,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('audit:read')
  async list(
    @Desk() { workplace: { id } }: DeskVisit,
    @Query({ schema: AuditQuery }) query: z.infer<typeof AuditQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const tx = this.database.reader;
    const { timezone } = await getPublication(tx, id);
    const [from, to] = [dayOf(query.from), dayOf(query.to)];
    const filter = {
      actor: query.who || null,
      act: query.act || null,
      subject: null,
      from: from.day,
      to: to.day,
      timezone,
    };
    const page = pageRequest({ limit: PER_PAGE, after: query.after });
    const { data, nextCursor } = pageOf(await listAuditEntries(tx, id, filter, page), page);
    const view: AuditLogView = {
      entries: data.map(entryView),
      filter: { who: query.who, act: query.act, from: query.from, to: query.to },
      actors: (await listActors(tx, id)).map(({ actor, name }) => ({ value: actor, name: name ?? actor })),
      acts: await listActs(tx, id),
      problems: { from: from.problem, to: to.problem },
      older: nextCursor === null ? null : older(query, nextCursor),
    };
    return this.staffPages.send(request, reply, 'audit-log', view, (from.problem ?? to.problem) ? 422 : 200);
  }
}

function dayOf(typed: string): { day: string | null; problem: string | null } {
  if (typed === '') return { day: null, problem: null };
  const parsed = Day.safeParse(typed);
  return parsed.success ? { day: parsed.data, problem: null } : { day: null, problem: 'problem.day.invalid' };
}

function older({ after: _, ...filter }: z.infer<typeof AuditQuery>, cursor: string): string {
  const set = Object.entries(filter).filter(([, value]) => value !== '');
  return `?${new URLSearchParams([...set, ['after', cursor]]).toString()}`;
}

function entryView(row: AuditRow): AuditLogView['entries'][number] {
  const { at, actor, keyName, accountName, role, act, subjectKind, subjectId, note, data } = row;
  const kind = accountName !== null ? 'account' : keyName !== null ? 'key' : actor === 'operator' ? 'operator' : 'gone';
  return {
    at,
    who: { kind, name: accountName ?? keyName ?? actor },
    role,
    act,
    subjectKind,
    subjectId,
    note,
    data: Object.entries(data).map(([name, value]) => ({
      name,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
  };
}
