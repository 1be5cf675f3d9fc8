import { rows, type Tx } from '../platform/database.js';

/** What grants, ledger and codes say of each other that does not fit. */
export type LedgerDrift =
  /** A grant that is owed is not in the ledger, or was taken back there. */
  | 'not_given'
  /** A grant that nobody is owed, or that was revoked, is given in the ledger. */
  | 'not_taken_back'
  /** The ledger gave or took back twice, or took back another quantity than it had given. */
  | 'not_in_turns'
  /** The ledger gives something else than the grant says that it is worth. */
  | 'other_worth'
  /** A grant went out or is about to, and has no code of the pool that it needs. */
  | 'no_code'
  /** A code of a pool belongs to a grant that may not have one. */
  | 'stray_code'
  /** A person has less than nothing of something. */
  | 'negative_balance';

/** One thing that does not fit. */
export interface DriftRow {
  publicationId: string;
  /** Null for a balance. */
  grantId: string | null;
  subscriberId: string;
  drift: LedgerDrift;
  /** For an operator: what was found. */
  found: string;
}

/**
 * Whether a grant has to stand in the ledger as given. Imported ones were handed over before they were known here: they are
 * fulfilled, without a time of it.
 */
const IS_OWED = `(g.status in ('due', 'awaiting_claim', 'out_of_stock', 'sent') or (g.status = 'fulfilled' and g.fulfilled_at is not null))`;

/** What the ledger says of each grant: how many entries, what is left of it, and what the last one gave. */
const SUMS = `
  select publication_id, grant_id, count(*)::int as entries, max(turn) as last_turn, sum(quantity) as net,
    (array_agg(abs(quantity) order by turn desc))[1] as quantity, (array_agg(unit order by turn desc))[1] as unit,
    (array_agg(currency order by turn desc))[1] as currency
  from ledger_entries group by publication_id, grant_id`;

/**
 * Everything in which grants and ledger differ, of one publication or of all: none, when all is well. Reads the whole ledger.
 */
export async function ledgerDrift(tx: Tx, only: string | null): Promise<DriftRow[]> {
  return rows(
    tx,
    `with found as (
       select g.publication_id, g.id as grant_id, g.subscriber_id,
         case
           when l.last_turn is distinct from l.entries or l.net not in (0, l.quantity) then 'not_in_turns'
           when ${IS_OWED} and coalesce(l.net, 0) = 0 then 'not_given'
           when not ${IS_OWED} and coalesce(l.net, 0) <> 0 then 'not_taken_back'
           when l.net <> 0 and (
             (l.unit = 'money' and (l.quantity, l.currency) is distinct from (g.value_amount, g.value_currency))
             or (l.unit = 'percent' and l.quantity is distinct from g.percent::bigint)
             or (l.unit = 'piece' and l.quantity <> 1)) then 'other_worth'
         end as drift,
         g.status || ', ledger ' || coalesce(l.net || ' ' || coalesce(l.currency, l.unit), 'empty') as found
       from grants g left join (${SUMS}) l on l.publication_id = g.publication_id and l.grant_id = g.id
       where $1::uuid is null or g.publication_id = $1)
     select publication_id, grant_id, subscriber_id, drift, found from found where drift is not null order by publication_id, grant_id`,
    [only],
  );
}

/** Grants without the code that they need, and codes that belong to nobody who may have one. */
export async function codeDrift(tx: Tx, only: string | null): Promise<DriftRow[]> {
  return rows(
    tx,
    `select g.publication_id, g.id as grant_id, g.subscriber_id,
       case when c.id is null then 'no_code' else 'stray_code' end as drift, g.status || ' ' || w.kind as found
     from grants g
     join rewards w on w.publication_id = g.publication_id and w.id = g.reward_id
     left join coupon_codes c on c.publication_id = g.publication_id and c.grant_id = g.id
     where ($1::uuid is null or g.publication_id = $1) and (
       (c.id is null and ${IS_OWED} and g.status <> 'out_of_stock' and (
         (w.kind = 'coupon' and w.code is null) or (w.kind = 'gift_card' and w.terms ->> 'fulfilment' is distinct from 'webhook')))
       or (c.id is not null and g.status in ('awaiting_approval', 'awaiting_claim', 'out_of_stock', 'revoked', 'capped')))
     order by g.publication_id, g.id`,
    [only],
  );
}

/** People of whom more was taken back than they had been given. */
export async function negativeBalances(tx: Tx, only: string | null): Promise<DriftRow[]> {
  return rows(
    tx,
    `select l.publication_id, null as grant_id, l.subscriber_id, 'negative_balance' as drift,
       sum(l.quantity) || ' ' || coalesce(l.currency, l.unit) as found
     from ledger_entries l
     join grants g on g.publication_id = l.publication_id and g.id = l.grant_id
     join rewards w on w.publication_id = g.publication_id and w.id = g.reward_id
     where $1::uuid is null or l.publication_id = $1
     group by l.publication_id, l.subscriber_id, w.kind, g.company, l.unit, l.currency having sum(l.quantity) < 0
     order by l.publication_id, l.subscriber_id`,
    [only],
  );
}
