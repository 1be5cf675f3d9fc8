import { invalid } from '../domain/errors.js';
import { rewardsById } from '../milestones/reward.store.js';
import type { Tx } from '../platform/database.js';

/** Throws `request/invalid` for a prize whose reward the publication does not have. */
export async function checkRewards(
  tx: Tx,
  publicationId: string,
  prizes: readonly { rewardId: string }[],
): Promise<void> {
  const rewards = await rewardsById(tx, publicationId, prizes.map(({ rewardId }) => rewardId)); // prettier-ignore
  const unknown = prizes.findIndex(({ rewardId }) => !rewards.some(({ id }) => id === rewardId));
  if (unknown >= 0) throw invalid(`prizes[${unknown}].rewardId`, 'there is no such reward');
}
