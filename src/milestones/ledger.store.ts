import type { Unit } from '../domain/rewards.js';
import { rows, type Tx } from '../platform/database.js';

/** Notes what a grant gives. The caller holds the grant; given twice, without having been taken back, it throws. */
export async function recordGiven(
  tx: Tx,
  publicationId: string,
  given: {
    id: string;
    grantId: string;
    subscriberId: string;
    unit: Unit;
    quantity: number;
    currency: string | null;
    at: Date;
  },
): Promise<void> {
  await tx.query(
    `insert into ledger_entries (publication_id, id, grant_id, subscriber_id, act, unit, quantity, currency, turn, at)
     select $1, $2, $3, $4, 'given', $5, $6, $7, coalesce(max(turn), 0) + 1, $8
     from ledger_entries where publication_id = $1 and grant_id = $3`,
    [publicationId, given.id, given.grantId, given.subscriberId, given.unit, given.quantity, given.currency, given.at],
  );
}

/** Notes that all of a grant was taken back; of one that gave nothing, or nothing any more, there is nothing to note. */
export async function recordTakenBack(
  tx: Tx,
  publicationId: string,
  { id, grantId, at }: { id: string; grantId: string; at: Date },
): Promise<void> {
  await tx.query(
    `insert into ledger_entries (publication_id, id, grant_id, subscriber_id, act, unit, quantity, currency, turn, at)
     select publication_id, $2, grant_id, subscriber_id, 'taken_back', unit, -quantity, currency, turn + 1, $4 from (
       select * from ledger_entries where publication_id = $1 and grant_id = $3 order by turn desc limit 1) as last
     where act = 'given'`,
    [publicationId, id, grantId, at],
  );
}

/** An entry with what it is about. */
export interface LedgerRow {
  id: string;
  grantId: string;
  rewardId: string;
  rewardName: string;
  rewardKind: string;
  act: 'given' | 'taken_back';
  unit: Unit;
  quantity: string;
  currency: string | null;
  company: string | null;
  at: Date;
}

/** All entries of a person, oldest first. */
export async function entriesOf(tx: Tx, publicationId: string, subscriberId: string): Promise<LedgerRow[]> {
  return rows(
    tx,
    `select l.id, l.grant_id, g.reward_id, w.name as reward_name, w.kind as reward_kind, l.act, l.unit, l.quantity, l.currency, g.company, l.at
     from ledger_entries l
     join grants g on g.publication_id = l.publication_id and g.id = l.grant_id
     join rewards w on w.publication_id = g.publication_id and w.id = g.reward_id
     where l.publication_id = $1 and l.subscriber_id = $2 order by l.at, l.id`,
    [publicationId, subscriberId],
  );
}

/** What a person was given and not taken back that only so much may be used of in one period. */
export interface CeiledRow {
  grantId: string;
  rewardKind: string;
  company: string | null;
  unit: Unit;
  quantity: string;
  currency: string | null;
  ceiling: string;
  ceilingPer: 'month' | 'year' | 'ever';
  /** When it was given, and not before it goes out. */
  at: Date;
}

/** Those of a person, in the order in which they are used. */
export async function ceiledOf(tx: Tx, publicationId: string, subscriberId: string): Promise<CeiledRow[]> {
  return rows(
    tx,
    `select g.id as grant_id, w.kind as reward_kind, g.company, l.unit, l.quantity, l.currency, g.ceiling, g.ceiling_per, greatest(l.at, g.due_at) as at
     from grants g
     join rewards w on w.publication_id = g.publication_id and w.id = g.reward_id
     join lateral (
       select * from ledger_entries l where l.publication_id = g.publication_id and l.grant_id = g.id order by turn desc limit 1) l on l.act = 'given'
     where g.publication_id = $1 and g.subscriber_id = $2 and g.ceiling is not null order by greatest(l.at, g.due_at), g.id`,
    [publicationId, subscriberId],
  );
}

/** Accesses that a person has been given and that went out, in that order. `months` null: for good. */
export async function accessesOf(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
): Promise<{ grantId: string; rewardId: string; rewardName: string; at: Date; months: number | null }[]> {
  return rows(
    tx,
    `select g.id as grant_id, g.reward_id, w.name as reward_name, coalesce(g.sent_at, g.fulfilled_at, g.due_at) as at,
       case when l.unit = 'month' then l.quantity::int end as months
     from grants g
     join rewards w on w.publication_id = g.publication_id and w.id = g.reward_id and w.kind = 'access'
     left join ledger_entries l on l.publication_id = g.publication_id and l.grant_id = g.id and l.turn = 1
     where g.publication_id = $1 and g.subscriber_id = $2 and g.status in ('sent', 'fulfilled')
     order by coalesce(g.sent_at, g.fulfilled_at, g.due_at), g.id`,
    [publicationId, subscriberId],
  );
}
