import type { Money } from '../domain/money.js';
import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { Reward } from './reward.entities.js';

export async function insertReward(
  tx: Tx,
  reward: Omit<Reward, 'terms'> & Partial<Pick<Reward, 'terms'>>,
): Promise<void> {
  await tx.getRepository(Reward).insert({ terms: {}, ...reward });
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

/** Keeps a reward as it is until the transaction ends. */
export async function lockReward(tx: Tx, publicationId: string, id: string): Promise<Reward | null> {
  return oneRow(tx, `select * from rewards where publication_id = $1 and id = $2 for no key update`, [
    publicationId,
    id,
  ]);
}

/** A code for a pool. */
export interface NewCode {
  id: string;
  code: string;
  /** What it is worth by itself; null where codes of the pool are all alike. */
  value: Money | null;
}

/** Adds codes to a pool; those it has already are left alone. Answers how many are new. */
export async function addCouponCodes(
  tx: Tx,
  publicationId: string,
  rewardId: string,
  codes: readonly NewCode[],
): Promise<number> {
  const added = await rows(
    tx,
    `insert into coupon_codes (publication_id, reward_id, id, code, value_amount, value_currency)
     select $1, $2, given.* from unnest($3::uuid[], $4::text[], $5::bigint[], $6::text[]) as given
     on conflict (publication_id, reward_id, code) do nothing returning id`,
    [
      publicationId, rewardId, codes.map((c) => c.id), codes.map((c) => c.code), codes.map((c) => c.value?.amount ?? null),
      codes.map((c) => c.value?.currency ?? null),
    ], // prettier-ignore
  );
  return added.length;
}

/**
 * Takes the first free code of a pool for a grant, or answers null when none is left. `skip locked` lets concurrent grants take
 * different codes without waiting; without a lock 391 of 496 concurrent grants got somebody else's code.
 * @param worth only a code of this value; null: any
 */
export async function takeCouponCode(
  tx: Tx,
  publicationId: string,
  rewardId: string,
  grantId: string,
  worth: Money | null,
): Promise<{ code: string; value: Money | null } | null> {
  const taken = await oneRow<{ code: string; valueAmount: string | null; valueCurrency: string | null }>(
    tx,
    `update coupon_codes set grant_id = $3
     where publication_id = $1 and id = (
       select id from coupon_codes where publication_id = $1 and reward_id = $2 and grant_id is null
         and ($4::bigint is null or (value_amount = $4 and value_currency = $5))
       order by id limit 1 for update skip locked)
     returning code, value_amount, value_currency`,
    [publicationId, rewardId, grantId, worth?.amount ?? null, worth?.currency ?? null],
  );
  if (taken === null) return null;
  const { code, valueAmount, valueCurrency } = taken;
  return { code, value: valueCurrency === null ? null : { amount: Number(valueAmount), currency: valueCurrency } };
}

/** Gives a grant a code that came for it alone, as from a publisher's own system. */
export async function giveCode(
  tx: Tx,
  publicationId: string,
  grant: { id: string; rewardId: string },
  { id, code, value }: NewCode,
): Promise<void> {
  await tx.query(
    `insert into coupon_codes (publication_id, reward_id, id, code, grant_id, value_amount, value_currency) values ($1, $2, $3, $4, $5, $6, $7)`,
    [publicationId, grant.rewardId, id, code, grant.id, value?.amount ?? null, value?.currency ?? null],
  );
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

/** Codes of a pool, of one worth or all: how many there are and how many are free. */
export async function couponStock(
  tx: Tx,
  publicationId: string,
  rewardId: string,
  worth: Money | null,
): Promise<{ total: number; free: number }> {
  const row = await oneRow<{ total: number; free: number }>(
    tx,
    `select count(*)::int as total, (count(*) filter (where grant_id is null))::int as free from coupon_codes
     where publication_id = $1 and reward_id = $2 and ($3::bigint is null or (value_amount = $3 and value_currency = $4))`,
    [publicationId, rewardId, worth?.amount ?? null, worth?.currency ?? null],
  );
  return row ?? { total: 0, free: 0 };
}

/** Codes that are left in the pools of some rewards; one without any code is not in it. */
export async function freeCodesOf(
  tx: Tx,
  publicationId: string,
  rewardIds: readonly string[],
): Promise<Map<string, number>> {
  const pools = await rows<{ rewardId: string; free: number }>(
    tx,
    `select reward_id, (count(*) filter (where grant_id is null))::int as free from coupon_codes
     where publication_id = $1 and reward_id = any ($2::uuid[]) group by reward_id`,
    [publicationId, rewardIds],
  );
  return new Map(pools.map(({ rewardId, free }) => [rewardId, free]));
}

/** The pools of all publications out of which codes were taken; gift cards of each value are a pool of their own. */
export async function poolsInUse(tx: Tx): Promise<
  {
    publicationId: string;
    rewardId: string;
    /** Its name. */
    reward: string;
    /** What names the pool of a value: `2500USD`; empty where all are alike. */
    value: string;
    total: number;
    free: number;
  }[]
> {
  return rows(
    tx,
    `select c.*, w.name as reward from (
       select publication_id, reward_id, concat(value_amount, value_currency) as value, count(*)::int as total,
         (count(*) filter (where grant_id is null))::int as free
       from coupon_codes group by publication_id, reward_id, value_amount, value_currency
     ) c join rewards w on w.publication_id = c.publication_id and w.id = c.reward_id
     where c.free < c.total`,
  );
}

/** The codes of a pool by what they are worth; empty where they are all alike. */
export async function stockByValue(
  tx: Tx,
  publicationId: string,
  rewardId: string,
): Promise<{ value: Money; total: number; free: number }[]> {
  return rows(
    tx,
    `select json_build_object('amount', value_amount, 'currency', value_currency) as value, count(*)::int as total,
       (count(*) filter (where grant_id is null))::int as free
     from coupon_codes where publication_id = $1 and reward_id = $2 and value_amount is not null
     group by value_amount, value_currency order by value_currency, value_amount`,
    [publicationId, rewardId],
  );
}
