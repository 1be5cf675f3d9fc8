import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../domain/errors.js';
import { HELD_FROM, weightOf } from '../../domain/fraud/decide.js';
import { reviewStep } from '../../domain/review.js';
import { NextReward } from '../../flows/next-reward.js';
import { Database } from '../../platform/database.js';
import { listReferralClicks, type ReferralClickRow } from '../../referrals/referral-click.store.js';
import { nextInQueue } from '../../referrals/review-queue.store.js';
import { findReferral, historyOf, type ReferralRow } from '../../referrals/shown-referral.store.js';
import { judgedHow, listSimilar, type SimilarReferral, trackRecordOf } from '../../referrals/similar.store.js';
import { listActors } from '../../staff/audit.store.js';
import { referrersById } from '../../subscribers/participant.store.js';
import { Id } from '../api/fields.js';
import { StaffCan } from '../policy.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import { reasonViews, stateView } from './referral-words.js';
import type { ReferralView } from './review-views.js';
import { StaffPages } from './staff-pages.js';

/** One referral: all that speaks against and for it, beside those like it. */
@ApiExcludeController()
@Controller('admin/p/:publication/referrals')
export class ReferralController {
  constructor(
    private readonly database: Database,
    private readonly nextReward: NextReward,
    private readonly staffPages: StaffPages,
  ) {}

  @Get(':id')
  @StaffCan('referrals:read')
  async show(
    @Desk() desk: DeskVisit,
    @Param('id', { schema: Id }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const row = await findReferral(this.database.reader, desk.workplace.id, id);
    if (row === null) throw new DomainError('request/not-found', 'There is no such referral');
    return this.staffPages.send(request, reply, 'referral', await this.view(desk, row));
  }

  private async view(desk: DeskVisit, row: ReferralRow): Promise<ReferralView> {
    const tx = this.database.reader;
    const { publicationId, id } = row;
    const judged = await listReferralClicks(tx, publicationId, row.referredId);
    const similar = await listSimilar(tx, publicationId, id);
    const mayReview = mayAt(desk, 'referrals:review');
    const { state, heldFor } = row;
    const standing = { state, heldFor, isFriendConfirmed: row.referredConfirmedAt !== null };
    const may = (decision: 'approve' | 'reject') => mayReview && reviewStep(decision, standing).do !== 'nothing';
    return {
      id,
      friend: { id: row.referredId, email: row.referredEmail, status: row.referredStatus },
      referrer: { id: row.referrerSubscriberId, email: row.referrerEmail },
      program: row.programSlug,
      content: row.contentTitle,
      channel: row.channel,
      standing: stateView(state, heldFor),
      heldUntil: row.heldUntil,
      createdAt: row.createdAt,
      confirmedAt: row.confirmedAt,
      reasons: reasonViews(row.reasons),
      judged: await this.judged(row),
      engagedAt: row.engagedAt,
      record: await trackRecordOf(tx, publicationId, row.referrerId),
      appeal: row.appealedAt && {
        at: row.appealedAt,
        words: row.appealWords,
        decidedAt: row.appealDecidedAt,
        decision: row.appealDecision,
      },
      attribution: judged.map(clickView),
      similar: similar.map(similarView),
      history: await this.history(row),
      stake: await this.stake(row),
      mayDecide: may('approve') || may('reject'),
      mayApprove: may('approve'),
      mayReject: may('reject'),
      next: mayReview ? await nextInQueue(tx, publicationId, id) : null,
    };
  }

  private async judged({ publicationId, id, reasons }: ReferralRow): Promise<ReferralView['judged']> {
    const how = await judgedHow(this.database.reader, publicationId, id);
    if (how === null) return null;
    const { level, confirmedAfterMs } = how;
    const afterMinutes = confirmedAfterMs === null ? null : Math.round(confirmedAfterMs / 60_000);
    return { level, weight: weightOf(reasons), heldFrom: HELD_FROM[level], afterMinutes };
  }

  private async history({ publicationId, id }: ReferralRow): Promise<ReferralView['history']> {
    const tx = this.database.reader;
    const events = await historyOf(tx, publicationId, id);
    const names = new Map((await listActors(tx, publicationId)).map(({ actor, name }) => [actor, name]));
    return events.map(({ at, toState, heldFor, actor }) => ({
      at,
      standing: stateView(toState, heldFor),
      by: byOf(actor, names.get(actor) ?? null),
    }));
  }

  /** What an approval would bring; nothing for what counts already. */
  private async stake({ publicationId, referrerId, state }: ReferralRow): Promise<ReferralView['stake']> {
    if (state === 'verified') return null;
    const [participant] = await referrersById(this.database.reader, publicationId, [referrerId]);
    if (participant === undefined) return null;
    const { count, next } = await this.nextReward.of(this.database.reader, publicationId, participant);
    return next && { count, reward: next.told.reward, remaining: next.milestone.remaining };
  }
}

/** Whose doing it was, as `by.{kind}`. */
function byOf(actor: string, name: string | null): { kind: string; name: string } {
  const [kind] = actor.split(':');
  if (kind === 'key' || kind === 'account') return name === null ? { kind: 'gone', name: kind } : { kind, name };
  return { kind: ['operator', 'reader', 'schedule'].includes(actor) ? actor : 'other', name: actor };
}

function clickView(judged: ReferralClickRow): ReferralView['attribution'][number] {
  return {
    outcome: judged.outcome,
    at: judged.clickedAt,
    referrer: { id: judged.participantSubscriberId, email: judged.participantEmail },
    program: judged.programSlug,
    content: judged.contentSlug,
    channel: judged.channel,
    model: judged.model,
    windowDays: judged.windowDays,
  };
}

function similarView(one: SimilarReferral): ReferralView['similar'][number] {
  return {
    id: one.id,
    friend: one.referredEmail,
    referrer: one.referrerEmail,
    createdAt: one.createdAt,
    standing: stateView(one.state, one.heldFor),
    common: one.common,
  };
}
