import { Injectable } from '@nestjs/common';
import { listMilestones } from '../milestones/milestone.store.js';
import type { Tx } from '../platform/database.js';
import { getProgram, lockLadder } from '../publications/program.store.js';
import { participantsOf } from '../subscribers/participant.store.js';
import { GrantOnce } from './grant-once.js';
import type { Crossing } from './plan-grants.js';

/** A review is earned by who wrote it, whoever referred them: once, by the milestones on `reviewed` of each program they are in. */
export function reviewCrossing(writer: { participantId: string; subscriberId: string; reachedAt: Date }): Crossing {
  return { ...writer, occurrence: 'once', referralId: null, count: 1 };
}

@Injectable()
export class RewardReview {
  constructor(private readonly grantOnce: GrantOnce) {}

  /** The reader has written their first review. */
  async within(tx: Tx, publicationId: string, subscriberId: string, reachedAt: Date, now: Date): Promise<void> {
    for (const { id: participantId, programId } of await participantsOf(tx, publicationId, [subscriberId])) {
      await lockLadder(tx, publicationId, programId, 'shared');
      const program = await getProgram(tx, publicationId, programId);
      for (const milestone of await listMilestones(tx, publicationId, programId)) {
        // One review is known of a reader, so that no higher threshold is ever reached.
        if (milestone.stage !== 'reviewed' || milestone.threshold > 1) continue;
        const crossing = reviewCrossing({ participantId, subscriberId, reachedAt });
        await this.grantOnce.within(tx, program, milestone, crossing, now);
      }
    }
  }
}
