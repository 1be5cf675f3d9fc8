import { Injectable } from '@nestjs/common';
import { isForEach, occurrencesCrossed } from '../domain/milestones.js';
import { unflagGrant } from '../milestones/grant.store.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import { listMilestones } from '../milestones/milestone.store.js';
import type { Tx } from '../platform/database.js';
import type { Program } from '../publications/publication.entities.js';
import type { Referral } from '../referrals/referral.entities.js';
import { participantsById } from '../subscribers/participant.store.js';
import { GrantOnce } from './grant-once.js';

/** A participant's count at a stage has moved, by one or by many at once. */
export interface CountMove {
  participantId: string;
  stage: string;
  season: number;
  before: number;
  after: number;
  /** When what moved it happened, as caps per month and year go by; a sender may tell of it late. */
  reachedAt: Date;
  /** The referral that moved it; null for an adjustment, which is nobody's referral. */
  referral: Pick<Referral, 'id' | 'referredId'> | null;
}

/** Finds the milestones that a count has just crossed upwards, and grants each once. The caller holds the count and the ladder. */
@Injectable()
export class Award {
  constructor(private readonly grantOnce: GrantOnce) {}

  async within(tx: Tx, program: Program, move: CountMove, now: Date): Promise<void> {
    const milestones = (await listMilestones(tx, program.publicationId, program.id)).filter(
      (milestone) => milestone.stage === move.stage,
    );
    if (milestones.length === 0) return;
    const [referrer] = await participantsById(tx, program.publicationId, [move.participantId]);
    if (referrer === undefined) throw new Error('a count without a participant');
    for (const milestone of milestones) {
      const subscriberId = recipientOf(milestone, referrer.subscriberId, move);
      if (subscriberId === null) continue;
      for (const occurrence of occurrencesOf(milestone, move)) {
        const referralId = move.referral?.id ?? null;
        const { after: count, reachedAt } = move;
        const crossing = { subscriberId, occurrence, referralId, participantId: referrer.id, count, reachedAt };
        await this.grantOnce.within(tx, program, milestone, crossing, now);
        await unflagGrant(tx, program.publicationId, milestone.id, subscriberId, occurrence);
      }
    }
  }
}

/** Who gets a milestone that a count crosses; null where it is for the friend, and nobody's referral moved the count. */
function recipientOf(
  { recipient }: Pick<Milestone, 'recipient'>,
  referrerSubscriberId: string,
  { referral }: CountMove,
): string | null {
  return recipient === 'referrer' ? referrerSubscriberId : (referral?.referredId ?? null);
}

/** The occurrences that a rise crosses; for each: that of its referral alone. */
function occurrencesOf(milestone: Milestone, { before, after, season, referral }: CountMove): string[] {
  if (isForEach(milestone)) return referral === null ? [] : [referral.id];
  return occurrencesCrossed(milestone, before, after, { season, referralId: '' });
}
