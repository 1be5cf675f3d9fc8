import { Readable } from 'node:stream';
import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { isCurrency, type Money, moneyTyped } from '../../domain/money.js';
import type { StaffActor } from '../../domain/permissions.js';
import { DecideGrant } from '../../flows/decide-grant.js';
import { ExportShipping } from '../../flows/export-shipping.js';
import { valueOfGrant } from '../../milestones/grant.store.js';
import { countToDo, listToDo, TO_DO, type ToDo } from '../../milestones/to-do.store.js';
import { Database } from '../../platform/database.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import { Id } from '../api/fields.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { Typed } from './form.js';
import type { GrantsView } from './grants-views.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import { StaffPages } from './staff-pages.js';

const PER_PAGE = 50;
const LONGEST_NOTE = 300;
const LONGEST_CODE = 100;
const Show = z.enum(TO_DO);
const GrantsQuery = z.object({ show: Show.optional().catch(undefined), after: z.string().optional() });
const ActForm = z.object({
  act: z.enum(['approve', 'refuse', 'hand-over']),
  note: Typed,
  code: Typed,
  amount: Typed,
  currency: Typed,
});
const ManyForm = z.object({ act: z.enum(['approve', 'hand-over']), ids: Typed });
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Rewards that wait for a person: to be approved, handed over by hand, or for codes. */
@ApiExcludeController()
@Controller('admin/p/:publication/grants')
export class GrantsPageController {
  constructor(
    private readonly database: Database,
    private readonly decideGrant: DecideGrant,
    private readonly exportShipping: ExportShipping,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('grants:read')
  async list(
    @Desk() desk: DeskVisit,
    @Query({ schema: GrantsQuery }) query: z.infer<typeof GrantsQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { id } = desk.workplace;
    const counts = await countToDo(this.database.reader, id);
    const show = query.show ?? TO_DO.find((one) => counts[one] > 0) ?? 'approve';
    const page = pageRequest({ limit: PER_PAGE, after: query.after });
    const { data, nextCursor } = pageOf(await listToDo(this.database.reader, id, show, page), page);
    const mayAct = mayAt(desk, 'grants:write');
    const view: GrantsView = {
      show,
      tabs: TO_DO.map((one) => ({ show: one, count: counts[one], current: one === show })),
      waiting: TO_DO.reduce((sum, one) => sum + counts[one], 0),
      grants: data.map((row) => ({
        id: row.id,
        person: { id: row.subscriberId, email: row.email },
        reward: { id: row.rewardId, name: row.rewardName, kind: row.rewardKind },
        value: valueOfGrant(row),
        from: row.milestoneName ?? row.contestName ?? row.raffleName ?? '',
        asksValue: show === 'approve' && row.reason === 'value_unknown',
        takesCode: show === 'hand-over' && row.rewardKind === 'gift_card',
        address: mayAt(desk, 'shipping:read') ? row.address : '',
        since: row.sentAt ?? row.createdAt,
      })),
      mayAct: mayAct && show !== 'restock',
      mayShip: show === 'hand-over' && mayAt(desk, 'shipping:read'),
      older: nextCursor === null ? null : `?${new URLSearchParams({ show, after: nextCursor }).toString()}`,
    };
    return this.staffPages.send(request, reply, 'grants', view);
  }

  @Get('shipping.csv')
  @StaffCan('shipping:read')
  shipping(@Desk() { workplace }: DeskVisit, @Res() reply: FastifyReply) {
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="shipping.csv"')
      .send(Readable.from(this.exportShipping.csv(workplace.id)));
  }

  /** Those that are picked. What cannot be done to one is left as it is and counted. */
  @Post()
  @StaffCan('grants:write')
  async many(
    @Desk() { workplace }: DeskVisit,
    @Actor() by: StaffActor,
    @Body({ schema: ManyForm }) { act, ids }: z.infer<typeof ManyForm>,
    @Res() reply: FastifyReply,
  ) {
    let [done, left] = [0, 0];
    for (const id of new Set(ids.split(',').filter((one) => UUID.test(one)))) {
      const acted = await this.act(workplace.id, id, { act }, by);
      if (acted === null) done++;
      else left++;
    }
    return this.staffPages.goOn(
      reply,
      pathOf(workplace, act),
      'grants-done',
      { done, left },
      done > 0 ? 'good' : 'warn',
    );
  }

  @Post(':id')
  @StaffCan('grants:write')
  async one(
    @Desk() { workplace }: DeskVisit,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: ActForm }) form: z.infer<typeof ActForm>,
    @Res() reply: FastifyReply,
  ) {
    const note = form.note.slice(0, LONGEST_NOTE) || null;
    const code = form.code.slice(0, LONGEST_CODE) || null;
    const asked = valueTyped(form);
    const path = pathOf(workplace, form.act);
    if (asked === 'unreadable') return this.staffPages.goOn(reply, path, 'grant-value-unknown', {}, 'warn');
    const problem = await this.act(workplace.id, id, { act: form.act, note, code, value: asked }, by);
    return this.staffPages.goOn(reply, path, problem ?? `grant-${form.act}`, {}, problem === null ? 'good' : 'warn');
  }

  /** Null when it is done; else what is to be said. Pressed twice, the second press finds it done and changes nothing. */
  private async act(
    publicationId: string,
    id: string,
    { act, note = null, code = null, value = null }: Act,
    by: StaffActor,
  ): Promise<string | null> {
    try {
      if (act === 'approve') await this.decideGrant.approve(publicationId, id, by, value);
      else if (act === 'refuse') await this.decideGrant.revoke(publicationId, id, note, by);
      else await this.decideGrant.fulfil(publicationId, id, by, code);
      return null;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === 'grant/wrong-status') return 'grant-before';
      if (error.code === 'grant/value-unknown' || error.code === 'request/invalid') return 'grant-value-unknown';
      throw error;
    }
  }
}

interface Act {
  act: 'approve' | 'refuse' | 'hand-over';
  note?: string | null;
  code?: string | null;
  value?: Money | null;
}

function pathOf({ slug }: { slug: string }, act: Act['act']): string {
  const show: ToDo = act === 'hand-over' ? 'hand-over' : 'approve';
  return `/admin/p/${slug}/grants?show=${show}`;
}

/** Null where nothing was typed. */
function valueTyped({ amount, currency }: z.infer<typeof ActForm>): Money | null | 'unreadable' {
  if (amount === '') return null;
  const code = currency.toUpperCase();
  return (isCurrency(code) ? moneyTyped(amount, code) : null) ?? 'unreadable';
}
