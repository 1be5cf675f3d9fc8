import type { Money } from '../domain/money.js';
import { oneRow, rows, type Tx } from '../platform/database.js';

export interface FirstPurchase {
  plan: string | null;
  seats: number | null;
  /** In minor units; null where the sender told no value. */
  amount: number | null;
  currency: string | null;
  at: Date;
}

/** The first purchase of a referral's friend that was not refunded: what a reward by plan, seats or value goes by. */
export async function firstPurchaseOf(
  tx: Tx,
  publicationId: string,
  referralId: string,
): Promise<FirstPurchase | null> {
  const row = await oneRow<Omit<FirstPurchase, 'amount'> & { amount: string | null }>(
    tx,
    `select p.plan, p.seats, p.amount, p.currency, p.at
     from purchases p join referrals r on r.publication_id = p.publication_id and r.referred_id = p.subscriber_id
     where r.publication_id = $1 and r.id = $2 and p.refunded_at is null order by p.at, p.event_id limit 1`,
    [publicationId, referralId],
  );
  return row && { ...row, amount: row.amount === null ? null : Number(row.amount) };
}

export interface NewPurchase {
  eventId: string;
  subscriberId: string;
  plan: string | null;
  seats: number | null;
  value: Money | null;
  at: Date;
}

/** The caller holds the reader. */
export async function insertPurchase(tx: Tx, publicationId: string, purchase: NewPurchase): Promise<void> {
  await tx.query(
    `insert into purchases (publication_id, event_id, subscriber_id, plan, seats, amount, currency, at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      publicationId, purchase.eventId, purchase.subscriberId, purchase.plan, purchase.seats, purchase.value?.amount ?? null,
      purchase.value?.currency ?? null, purchase.at,
    ], // prettier-ignore
  );
}

export interface KnownPurchase {
  id: string;
  at: Date;
  refundedAt: Date | null;
}

/** All purchases of a reader, oldest first. */
export async function purchasesOf(tx: Tx, publicationId: string, subscriberId: string): Promise<KnownPurchase[]> {
  return rows(
    tx,
    `select event_id as id, at, refunded_at from purchases where publication_id = $1 and subscriber_id = $2 order by at, event_id`,
    [publicationId, subscriberId],
  );
}

export async function setRefunded(tx: Tx, publicationId: string, eventId: string, at: Date | null): Promise<void> {
  await tx.query(`update purchases set refunded_at = $3 where publication_id = $1 and event_id = $2`, [
    publicationId,
    eventId,
    at,
  ]);
}

/** Whether an event of this id is a purchase of this reader; null when there is none, which may still come. */
export async function isPurchaseOf(
  tx: Tx,
  publicationId: string,
  eventId: string,
  subscriberId: string,
): Promise<boolean | null> {
  const row = await oneRow<{ isTheirs: boolean }>(
    tx,
    `select type = 'purchased' and subscriber_id = $3 as is_theirs from inbound_events where publication_id = $1 and id = $2`,
    [publicationId, eventId, subscriberId],
  );
  return row && row.isTheirs;
}

/** A purchase as webhooks tell of it. */
export interface StandingPurchase {
  eventId: string;
  plan: string | null;
  seats: number | null;
  value: Money | null;
  at: Date;
}

/** The purchases of a reader that were not refunded, oldest first. */
export async function standingPurchases(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
): Promise<StandingPurchase[]> {
  return rows(
    tx,
    `select event_id, plan, seats, case when amount is not null then jsonb_build_object('amount', amount, 'currency', currency) end as value, at
     from purchases where publication_id = $1 and subscriber_id = $2 and refunded_at is null order by at, event_id`,
    [publicationId, subscriberId],
  );
}
