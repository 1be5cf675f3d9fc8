import { Injectable } from '@nestjs/common';
import { isIn } from '../domain/audience.js';
import { monthOf } from '../domain/caps.js';
import { decide, type Holding } from '../domain/grant-decision.js';
import { ordinalOf } from '../domain/milestones.js';
import { holdingsOf, lockHoldings } from '../milestones/holding.store.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import type { Tx } from '../platform/database.js';
import { getPublication } from '../publications/publication.store.js';
import type { Program } from '../publications/publication.entities.js';
import { stagesOf } from '../referrals/stage.store.js';
import { audienceFactsOf } from '../subscribers/audience.store.js';
import { presentAmong } from '../subscribers/subscriber.store.js';

/** Somebody's count, or somebody's friend, has come to a milestone. */
export interface Crossing {
  subscriberId: string;
  occurrence: string;
  referralId: string | null;
  /** Whose count crossed the milestone. */
  participantId: string;
  /** The count at which it was crossed; null where nobody knows. */
  count: number | null;
  /** Unless said, when the referral came to the stage; without a referral now. */
  reachedAt?: Date;
}

interface Reached {
  crossing: Crossing;
  reachedAt: Date;
  month: string;
}

/** A crossing that becomes a grant. */
export interface Planned extends Reached {
  capped: boolean;
  /** The grant that comes back, instead of a new one. */
  reinstates: string | null;
}

/**
 * Which crossings of a milestone become grants: of people who are there and in its audience at this moment, what they do not have
 * yet, and above the cap without a reward. A preview asks the same and writes nothing.
 */
@Injectable()
export class PlanGrants {
  /**
   * @param crossings those of one person in the order in which they were reached
   * @param lock whether the plan is carried out in this transaction; what is only shown makes nobody wait
   */
  async within(
    tx: Tx,
    program: Pick<Program, 'season'>,
    milestone: Milestone,
    crossings: readonly Crossing[],
    now: Date,
    lock: boolean,
  ): Promise<Planned[]> {
    const invited = await this.invited(tx, milestone, crossings);
    if (invited.length === 0) return [];
    if (lock && (milestone.cap !== null || milestone.version > 1)) {
      const people = invited.map(({ subscriberId }) => subscriberId);
      await lockHoldings(tx, milestone.publicationId, milestone.id, people);
    }
    const reached = await this.reached(tx, milestone, invited, now);
    const holdings = await holdingsOf(tx, milestone, program.season, invited);
    return [...reached].flatMap(([subscriberId, own]) => decided(milestone, holdings.get(subscriberId)!, own));
  }

  private async invited(tx: Tx, milestone: Milestone, crossings: readonly Crossing[]): Promise<Crossing[]> {
    const { publicationId, audience } = milestone;
    const ids = [...new Set(crossings.map(({ subscriberId }) => subscriberId))];
    const present = await presentAmong(tx, publicationId, ids);
    const facts = audience === null ? null : await audienceFactsOf(tx, publicationId, ids);
    return crossings.filter(
      ({ subscriberId }) => present.has(subscriberId) && isIn(audience, facts?.get(subscriberId) ?? {}),
    );
  }

  private async reached(
    tx: Tx,
    { publicationId, stage }: Milestone,
    crossings: readonly Crossing[],
    now: Date,
  ): Promise<Map<string, Reached[]>> {
    const { timezone } = await getPublication(tx, publicationId);
    const open = crossings.flatMap(({ referralId, reachedAt }) =>
      referralId === null || reachedAt !== undefined ? [] : [referralId],
    );
    const known = open.length === 0 ? [] : await stagesOf(tx, publicationId, open);
    const at = new Map(known.filter((reached) => reached.stage === stage).map((r) => [r.referralId, r.at]));
    const bySubscriber = new Map<string, Reached[]>();
    for (const crossing of crossings) {
      const reachedAt = crossing.reachedAt ?? at.get(crossing.referralId ?? '') ?? now;
      const own = bySubscriber.get(crossing.subscriberId) ?? [];
      own.push({ crossing, reachedAt, month: monthOf(reachedAt, timezone) });
      bySubscriber.set(crossing.subscriberId, own);
    }
    return bySubscriber;
  }
}

function decided(milestone: Milestone, holding: Holding, own: readonly Reached[]): Planned[] {
  const wanted = own.map(({ crossing: { occurrence, count }, month }) => {
    return { occurrence, ordinal: ordinalOf(occurrence, count ?? Infinity), month };
  });
  const byOccurrence = new Map(own.map((reached) => [reached.crossing.occurrence, reached]));
  return decide(milestone.cap, holding, wanted).map((decision) => {
    const { crossing, reachedAt } = byOccurrence.get(decision.occurrence)!;
    const { month, capped, reinstates } = decision;
    return { crossing, reachedAt, month, capped, reinstates };
  });
}
