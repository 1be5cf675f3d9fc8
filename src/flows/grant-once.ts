import { Injectable } from '@nestjs/common';
import { needsApproval } from '../domain/grants.js';
import { releaseAt } from '../domain/release.js';
import { insertGrant } from '../milestones/grant.store.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { deliveryOf } from '../publications/delivery.js';
import type { Program } from '../publications/publication.entities.js';
import { wasEverReviewed } from '../referrals/referral.store.js';
import { Announce } from './announce.js';
import { Owe } from './owe.js';

export interface Crossing {
  subscriberId: string;
  occurrence: string;
  referralId: string | null;
  /** Whose count crossed the milestone. */
  participantId: string;
  /** The count at which it was crossed; null where a reward is for each referral of the past. */
  count: number | null;
}

/** Grants a reward for one occurrence of a milestone, or does nothing when the person has it. */
@Injectable()
export class GrantOnce {
  constructor(
    private readonly ids: Ids,
    private readonly owe: Owe,
    private readonly announce: Announce,
  ) {}

  async within(tx: Tx, program: Program, milestone: Milestone, crossing: Crossing, now: Date): Promise<void> {
    const reviewed =
      milestone.approval === 'semi_manual' &&
      (await wasEverReviewed(tx, program.publicationId, crossing.participantId));
    const waits = needsApproval(milestone.approval, reviewed);
    const grant = await insertGrant(tx, program.publicationId, {
      id: this.ids.next(),
      milestoneId: milestone.id,
      rewardId: milestone.rewardId,
      subscriberId: crossing.subscriberId,
      occurrence: crossing.occurrence,
      referralId: crossing.referralId,
      count: crossing.count,
      status: waits ? 'awaiting_approval' : 'due',
      dueAt: releaseAt(now, milestone.holdDays, deliveryOf(program)),
      createdAt: now,
    });
    if (grant === null) return;
    if (!waits) await this.owe.within(tx, grant, now);
    await this.announce.grant(tx, program.publicationId, 'milestone.reached', grant.id, now);
  }
}
