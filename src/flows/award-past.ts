import { Injectable } from '@nestjs/common';
import { isForEach, occurrencesCrossed } from '../domain/milestones.js';
import { recordPastGrants } from '../milestones/grant.store.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import { listMilestones } from '../milestones/milestone.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import type { Program } from '../publications/publication.entities.js';
import { GrantOnce } from './grant-once.js';
import type { Crossing } from './plan-grants.js';

/** What an import did to the counts of a program. */
interface PastOf {
  program: Program;
  moved: readonly { participantId: string; subscriberId: string; before: number; after: number }[];
  referrals: readonly { id: string; referrerId: string; referrerSubscriberId: string; referredId: string }[];
}

/** Milestones that imported counts are past: noted as given by whoever counted before, or granted as usual when that is asked for. */
@Injectable()
export class AwardPast {
  constructor(
    private readonly ids: Ids,
    private readonly grantOnce: GrantOnce,
  ) {}

  async within(tx: Tx, { program, moved, referrals }: PastOf, grantAsUsual: boolean, now: Date): Promise<void> {
    const milestones = (await listMilestones(tx, program.publicationId, program.id)).filter(
      ({ stage }) => stage === 'verified',
    );
    for (const milestone of milestones) {
      const crossings = isForEach(milestone)
        ? forEach(milestone, referrals)
        : moved.flatMap((count) => crossingsOf(milestone, program.season, count));
      if (grantAsUsual) {
        await this.grantOnce.many(tx, program, milestone, crossings, now);
      } else if (crossings.length > 0) {
        const { id: milestoneId, rewardId, version: milestoneVersion } = milestone;
        const of = { milestoneId, rewardId, milestoneVersion };
        const grants = crossings.map((crossing) => ({ ...crossing, ...of, id: this.ids.next() }));
        await recordPastGrants(tx, program.publicationId, grants, { reason: 'imported', season: program.season }, now);
      }
    }
  }
}

function forEach(milestone: Milestone, referrals: PastOf['referrals']): Crossing[] {
  return referrals.map((referral) => ({
    subscriberId: milestone.recipient === 'referred' ? referral.referredId : referral.referrerSubscriberId,
    occurrence: referral.id,
    referralId: referral.id,
    participantId: referral.referrerId,
    count: null,
  }));
}

function crossingsOf(
  milestone: Milestone,
  season: number,
  { participantId, subscriberId, before, after }: PastOf['moved'][number],
): Crossing[] {
  return occurrencesCrossed(milestone, before, after, { season, referralId: '' }).map((occurrence) => ({
    subscriberId,
    occurrence,
    referralId: null,
    participantId,
    count: after,
  }));
}
