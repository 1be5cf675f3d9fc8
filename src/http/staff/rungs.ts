import { hasPool } from '../../domain/rewards.js';
import type { MilestoneBody } from '../../milestones/milestone.entities.js';
import type { Reward } from '../../milestones/reward.entities.js';
import { freeCodesOf, rewardsById } from '../../milestones/reward.store.js';
import type { Tx } from '../../platform/database.js';
import { conditionViews } from './milestone-form.js';
import type { RungView } from './milestone-views.js';

type Rung = Omit<RungView, 'pastRun' | 'id' | 'version'>;

/** The rewards of some milestones, and how many codes of each are left; null where it takes none. */
export async function rewardsOf(
  tx: Tx,
  publicationId: string,
  milestones: readonly Pick<MilestoneBody, 'rewardId'>[],
): Promise<Map<string, Reward & { free: number | null }>> {
  const ids = [...new Set(milestones.map(({ rewardId }) => rewardId))];
  const free = await freeCodesOf(tx, publicationId, ids);
  return new Map(
    (await rewardsById(tx, publicationId, ids)).map((reward) => [
      reward.id,
      { ...reward, free: hasPool(reward) ? (free.get(reward.id) ?? 0) : null },
    ]),
  );
}

export function rungOf(milestone: MilestoneBody, rewards: ReadonlyMap<string, Reward & { free: number | null }>): Rung {
  const { id, name, description, kind, free } = rewards.get(milestone.rewardId)!;
  return {
    name: milestone.name,
    stage: milestone.stage,
    threshold: milestone.threshold,
    every: milestone.every,
    recipient: milestone.recipient,
    reward: { id, name, description, kind, free },
    approval: milestone.approval,
    holdDays: milestone.holdDays,
    cap: milestone.cap,
    conditions: conditionViews(milestone.audience),
  };
}
