import { Injectable } from '@nestjs/common';
import { goalOf, isForEach, occurrencesCrossed, reachedAt } from '../domain/milestones.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import type { Tx } from '../platform/database.js';
import type { Program } from '../publications/publication.entities.js';
import { type CountedFact, countedFacts, participantsPast, type StandingParticipant } from '../referrals/past.store.js';
import { reviewersOf } from '../subscribers/opinion.store.js';
import type { Crossing } from './plan-grants.js';
import { reviewCrossing } from './reward-review.js';

/** Participants at a time: one with a thousand friends has as many crossings of a milestone for each. */
const PAST_BATCH = 100;

/** The crossings of a milestone that lie behind the counts of the season as they are now, some participants at a time. */
@Injectable()
export class PastCrossings {
  /**
   * @param lock whether they are to be granted in this transaction
   * @returns `last` is null when these were the last
   */
  async after(
    tx: Tx,
    program: Program,
    milestone: Milestone,
    after: string | null,
    lock: boolean,
  ): Promise<{ crossings: Crossing[]; last: string | null }> {
    const { stage, publicationId } = milestone;
    const page = { after, limit: PAST_BATCH };
    if (stage === 'reviewed') {
      // A review is what its writer did once: no count to lock, and the grant's own key keeps it single.
      const reviewers = milestone.threshold > 1 ? [] : await reviewersOf(tx, program, page);
      return { crossings: reviewers.map(reviewCrossing), last: lastOf(reviewers) };
    }
    const threshold = isForEach(milestone) ? 1 : milestone.threshold;
    const participants = await participantsPast(tx, program, { stage, threshold }, page, lock);
    const ids = participants.map(({ participantId }) => participantId);
    const facts = new Map<string, CountedFact[]>(ids.map((id) => [id, []]));
    for (const fact of await countedFacts(tx, publicationId, ids, stage, program.season)) {
      facts.get(fact.participantId)?.push(fact);
    }
    const crossings = participants.flatMap((participant) => {
      const own = facts.get(participant.participantId) ?? [];
      return isForEach(milestone)
        ? forEach(milestone, participant, own)
        : byCount(milestone, program.season, participant, own);
    });
    return { crossings, last: lastOf(participants) };
  }
}

/** Null when the page was not full, so that nobody comes after it. */
function lastOf(page: readonly { participantId: string }[]): string | null {
  return page.length < PAST_BATCH ? null : (page.at(-1)?.participantId ?? null);
}

/** The last friend stands at the present count; what nobody's referral added came before them. */
function forEach(milestone: Milestone, participant: StandingParticipant, facts: readonly CountedFact[]): Crossing[] {
  const referrals = facts.filter((fact) => fact.referralId !== null);
  return referrals.map(({ referralId, referredId, at }, i) => ({
    subscriberId: milestone.recipient === 'referred' ? referredId! : participant.subscriberId,
    occurrence: referralId!,
    referralId,
    participantId: participant.participantId,
    count: participant.count - referrals.length + i + 1,
    reachedAt: at,
  }));
}

function byCount(
  milestone: Milestone,
  season: number,
  { participantId, subscriberId, count }: StandingParticipant,
  facts: readonly CountedFact[],
): Crossing[] {
  return occurrencesCrossed(milestone, 0, count, { season, referralId: '' }).map((occurrence) => {
    const at = reachedAt(facts, goalOf(milestone, occurrence));
    const crossing = { subscriberId, occurrence, referralId: null, participantId, count };
    return at === null ? crossing : { ...crossing, reachedAt: at };
  });
}
