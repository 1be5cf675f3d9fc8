import { Injectable } from '@nestjs/common';
import { invalid } from '../domain/errors.js';
import { isForEach, occurrencesCrossed } from '../domain/milestones.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import { insertMilestone } from '../milestones/milestone.store.js';
import { findReward } from '../milestones/reward.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { lockLadder } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { participantsAtLeast, verifiedReferrals } from '../referrals/stage.store.js';
import { participantsById } from '../subscribers/participant.store.js';
import { GrantOnce } from './grant-once.js';

export type NewMilestone = Omit<Milestone, 'publicationId' | 'id' | 'programId' | 'createdAt' | 'archivedAt'>;

/** A new rung of the ladder; with `past: grant` it is granted at once to everybody whose count is there already. */
@Injectable()
export class AddMilestone {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly grantOnce: GrantOnce,
  ) {}

  /** Throws `request/invalid` for a reward of another publication. */
  run(program: Program, added: NewMilestone): Promise<Milestone> {
    const now = this.clock.now();
    const milestone = {
      ...added,
      publicationId: program.publicationId,
      id: this.ids.next(),
      programId: program.id,
      createdAt: now,
      archivedAt: null,
    };
    return this.database.transaction(async (tx) => {
      if ((await findReward(tx, program.publicationId, added.rewardId)) === null) {
        throw invalid('rewardId', 'there is no such reward');
      }
      await lockLadder(tx, program.publicationId, program.id, 'alone');
      await insertMilestone(tx, milestone);
      if (milestone.past === 'grant') await this.grantPast(tx, program, milestone, now);
      return milestone;
    });
  }

  private async grantPast(tx: Tx, program: Program, milestone: Milestone, now: Date): Promise<void> {
    if (isForEach(milestone)) return this.grantForEach(tx, program, milestone, now);
    for (const { participantId, subscriberId, count } of await participantsAtLeast(
      tx,
      program.publicationId,
      program.id,
      milestone.stage,
      program.season,
      milestone.threshold,
    )) {
      for (const occurrence of occurrencesCrossed(milestone, 0, count, { season: program.season, referralId: '' })) {
        await this.grantOnce.within(
          tx,
          program,
          milestone,
          { subscriberId, occurrence, referralId: null, participantId, count },
          now,
        );
      }
    }
  }

  private async grantForEach(tx: Tx, program: Program, milestone: Milestone, now: Date): Promise<void> {
    const referrals = await verifiedReferrals(tx, program.publicationId, program.id);
    const referrers = new Map(
      (
        await participantsById(
          tx,
          program.publicationId,
          referrals.map(({ referrerId }) => referrerId),
        )
      ).map((p) => [p.id, p]),
    );
    for (const referral of referrals) {
      const subscriberId =
        milestone.recipient === 'referred' ? referral.referredId : referrers.get(referral.referrerId)!.subscriberId;
      const crossing = {
        subscriberId,
        occurrence: referral.id,
        referralId: referral.id,
        participantId: referral.referrerId,
        count: null,
      };
      await this.grantOnce.within(tx, program, milestone, crossing, now);
    }
  }
}
