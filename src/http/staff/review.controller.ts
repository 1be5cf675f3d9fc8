import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { invalid } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import type { ReviewDecision } from '../../domain/review.js';
import { ReviewReferrals } from '../../flows/review-referrals.js';
import { Database } from '../../platform/database.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import {
  countQueues,
  idsInQueue,
  listDecisions,
  listQueue,
  newestInQueue,
  nextInQueue,
  QUEUES,
} from '../../referrals/review-queue.store.js';
import type { ReferralRow } from '../../referrals/shown-referral.store.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { Typed } from './form.js';
import { Desk, type DeskVisit } from './guard.js';
import { reasonViews, stateView } from './referral-words.js';
import type { ReviewView } from './review-views.js';
import { StaffPages } from './staff-pages.js';

const PER_PAGE = 50;
const MOST_AT_ONCE = 1_000;
const LONGEST_NOTE = 500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const ReviewQuery = z.object({ queue: z.enum([...QUEUES, 'decided']).catch('waiting'), after: z.string().optional() });
const Decided = z.object({
  queue: z.enum(QUEUES).catch('waiting'),
  /** Of one, by the buttons beside it. */
  approve: Typed,
  reject: Typed,
  /** Of those that are picked, or of all up to `upTo`. */
  decision: Typed,
  ids: Typed,
  all: Typed,
  upTo: Typed,
  note: Typed,
  /** `next`: on to the next one that waits. */
  then: Typed,
});

/** What waits for a reviewer, and their decisions. */
@ApiExcludeController()
@Controller('admin/p/:publication/review')
export class ReviewController {
  constructor(
    private readonly database: Database,
    private readonly reviewReferrals: ReviewReferrals,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('referrals:review')
  async list(
    @Desk() { workplace: { id } }: DeskVisit,
    @Query({ schema: ReviewQuery }) query: z.infer<typeof ReviewQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const tx = this.database.reader;
    const counts = await countQueues(tx, id);
    const page = pageRequest({ limit: PER_PAGE, after: query.after });
    const { queue } = query;
    const referrals = queue === 'decided' ? [] : await listQueue(tx, id, queue, page);
    const decisions = queue === 'decided' ? await listDecisions(tx, id, page) : [];
    const listed = pageOf(referrals, page);
    const decided = pageOf(decisions, page);
    const cursor = listed.nextCursor ?? decided.nextCursor;
    const view: ReviewView = {
      queue,
      tabs: [...QUEUES, 'decided' as const].map((tab) => ({
        tab,
        count: tab === 'decided' ? null : counts[tab],
        current: tab === queue,
      })),
      waiting: counts.waiting,
      appealed: counts.appealed,
      oldest: (await listQueue(tx, id, 'waiting', { limit: 0, after: null })).map(sinceOf).at(0) ?? null,
      referrals: listed.data.map(queued),
      decisions: decided.data.map((one) => ({
        id: one.id,
        referralId: one.referralId,
        at: one.at,
        friend: one.referredEmail,
        referrer: { id: one.referrerSubscriberId, email: one.referrerEmail },
        standing: stateView(one.toState, one.heldFor),
      })),
      upTo: queue === 'decided' ? null : await newestInQueue(tx, id, queue),
      mayDecide: queue !== 'decided',
      more: cursor === null ? null : `?${new URLSearchParams({ queue, after: cursor }).toString()}`,
    };
    return this.staffPages.send(request, reply, 'review', view);
  }

  @Post()
  @StaffCan('referrals:review')
  async decide(
    @Desk() { workplace }: DeskVisit,
    @Actor() by: StaffActor,
    @Body({ schema: Decided }) form: z.infer<typeof Decided>,
    @Res() reply: FastifyReply,
  ) {
    if (form.note.length > LONGEST_NOTE) throw invalid('note', `must not be longer than ${LONGEST_NOTE} characters`);
    const base = `/admin/p/${workplace.slug}`;
    const decision = decisionOf(form);
    const ids = decision === null ? [] : await this.idsOf(workplace.id, form);
    const back = `${base}/review${form.queue === 'waiting' ? '' : `?queue=${form.queue}`}`;
    if (decision === null || ids.length === 0) {
      return this.staffPages.goOn(reply, back, 'reviewed-nothing', {}, 'warn');
    }
    const note = form.note === '' ? null : form.note;
    const outcomes = await this.reviewReferrals.run(workplace.id, { ids, decision, note }, by);
    const count = (...results: string[]) => outcomes.filter(({ result }) => results.includes(result)).length;
    const said = {
      approved: count('approved'),
      rejected: count('rejected'),
      left: count('unchanged', 'wrong_state', 'not_found'),
    };
    const next = form.then === 'next' ? await nextInQueue(this.database.reader, workplace.id, ids[0]!) : null;
    const kind = said.approved + said.rejected > 0 ? 'good' : 'warn';
    return this.staffPages.goOn(reply, next === null ? back : `${base}/referrals/${next}`, 'reviewed', said, kind);
  }

  private async idsOf(publicationId: string, form: z.infer<typeof Decided>): Promise<string[]> {
    const one = form.approve || form.reject;
    if (one !== '') return UUID.test(one) ? [one] : [];
    if (form.all !== '' && UUID.test(form.upTo)) {
      const until = { upTo: form.upTo, limit: MOST_AT_ONCE };
      return idsInQueue(this.database.reader, publicationId, form.queue, until);
    }
    return form.ids
      .split(',')
      .filter((id) => UUID.test(id))
      .slice(0, MOST_AT_ONCE);
  }
}

function decisionOf({ approve, reject, decision }: z.infer<typeof Decided>): ReviewDecision | null {
  if (approve !== '') return 'approve';
  if (reject !== '') return 'reject';
  return decision === 'approve' || decision === 'reject' ? decision : null;
}

function sinceOf({ appealedAt, appealDecidedAt, confirmedAt, createdAt }: ReferralRow): Date {
  return (appealDecidedAt === null ? appealedAt : null) ?? confirmedAt ?? createdAt;
}

function queued(row: ReferralRow): ReviewView['referrals'][number] {
  return {
    id: row.id,
    friend: { id: row.referredId, email: row.referredEmail },
    referrer: { id: row.referrerSubscriberId, email: row.referrerEmail },
    since: sinceOf(row),
    standing: stateView(row.state, row.heldFor),
    heldUntil: row.heldUntil,
    reasons: reasonViews(row.reasons),
    appeal: row.appealedAt !== null && row.appealDecidedAt === null ? (row.appealWords ?? '') : null,
  };
}
