import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { StaffActor } from '../../domain/permissions.js';
import { ManageMails } from '../../flows/manage-mails.js';
import { countMails, listMails } from '../../mail/stopped-mail.store.js';
import { Database } from '../../platform/database.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import { Id } from '../api/fields.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import { mailName } from './mail-words.js';
import type { OutboxView } from './outbox-views.js';
import { StaffPages } from './staff-pages.js';

const PER_PAGE = 50;
const STATES = ['waiting', 'uncertain', 'dead', 'sent', 'suppressed'] as const;
const State = z.enum(STATES);
const OutboxQuery = z.object({ state: State.optional().catch(undefined), after: z.string().optional() });
const ActForm = z.object({ act: z.enum(['put-back', 'give-up', 'again']), state: State.catch('dead') });

/** What was sent, what waits and what stopped, and why. */
@ApiExcludeController()
@Controller('admin/p/:publication/outbox')
export class OutboxController {
  constructor(
    private readonly database: Database,
    private readonly manageMails: ManageMails,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('subscribers:read')
  async list(
    @Desk() desk: DeskVisit,
    @Query({ schema: OutboxQuery }) query: z.infer<typeof OutboxQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { id } = desk.workplace;
    const tx = this.database.reader;
    const counts = await countMails(tx, id);
    // Without a word of which: first what a person has to look at.
    const state = query.state ?? (['uncertain', 'dead', 'waiting'] as const).find((one) => counts[one] > 0) ?? 'sent';
    const page = pageRequest({ limit: PER_PAGE, after: query.after });
    const { data, nextCursor } = pageOf(await listMails(tx, id, state, page), page);
    const view: OutboxView = {
      state,
      tabs: STATES.map((one) => ({ state: one, count: one === 'sent' ? null : counts[one], current: one === state })),
      stopped: counts.dead + counts.uncertain,
      mails: data.map(({ message, ...mail }) => ({ ...mail, message, named: mailName(message) })),
      mayAct: mayAt(desk, 'subscribers:write'),
      older: nextCursor === null ? null : `?${new URLSearchParams({ state, after: nextCursor }).toString()}`,
    };
    return this.staffPages.send(request, reply, 'outbox', view);
  }

  @Post(':id')
  @StaffCan('subscribers:write')
  async act(
    @Desk() { workplace }: DeskVisit,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: ActForm }) { act, state }: z.infer<typeof ActForm>,
    @Res() reply: FastifyReply,
  ) {
    const work = { 'put-back': 'putBack', 'give-up': 'giveUp', again: 'again' } as const;
    const managed = await this.manageMails[work[act]](workplace.id, id, by);
    const said = { 'put-back': 'mail-put-back', 'give-up': 'mail-given-up', again: 'mail-again' } as const;
    const path = `/admin/p/${workplace.slug}/outbox?state=${state}`;
    if (managed === 'before') return this.staffPages.goOn(reply, path, 'mail-before', {}, 'warn');
    return this.staffPages.goOn(reply, path, said[act]);
  }
}
