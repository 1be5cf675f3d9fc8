import { Injectable } from '@nestjs/common';
import { nextMilestone, standing } from '../domain/milestones.js';
import type { NextMilestone } from '../mail/messages.js';
import { findReward } from '../milestones/reward.store.js';
import type { Tx } from '../platform/database.js';
import { getProgram } from '../publications/program.store.js';
import { countsOf } from '../referrals/stage.store.js';
import type { ParticipantCard } from '../subscribers/participant.store.js';
import { LadderOf } from './ladder-of.js';

interface ParticipantStanding {
  /** Verified referrals of the current season. */
  count: number;
  /** What comes next; null when there is nothing left to reach. */
  next: { milestone: { id: string; name: string; remaining: number }; told: NextMilestone } | null;
}

/** Where a participant stands: how many friends count, and what they bring next. */
@Injectable()
export class NextReward {
  constructor(private readonly ladderOf: LadderOf) {}

  async of(tx: Tx, publicationId: string, participant: ParticipantCard): Promise<ParticipantStanding> {
    const program = await getProgram(tx, publicationId, participant.programId);
    const counts = await countsOf(tx, publicationId, [participant.id], 'verified');
    const count = counts.find(({ season }) => season === program.season)?.count ?? 0;
    const { subscriberId } = participant;
    const milestones = (await this.ladderOf.people(tx, program, [subscriberId]))(subscriberId);
    const next = nextMilestone(milestones, count);
    const milestone = milestones.find(({ id }) => id === next?.id);
    if (next === null || milestone === undefined) return { count, next: null };
    const reward = await findReward(tx, publicationId, milestone.rewardId);
    if (reward === null) throw new Error('a milestone without a reward');
    const { goal } = standing(milestone, count);
    return {
      count,
      next: { milestone: next, told: { reward: reward.name, description: reward.description, have: count, goal } },
    };
  }
}
