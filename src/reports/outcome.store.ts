import type { Money } from '../domain/money.js';
import { oneRow, rows, type Tx } from '../platform/database.js';
import type { Period } from './growth.store.js';

/** What became of referrals within a period. */
export interface Outcome {
  /** Signed up within it and not rejected since. */
  signedUp: number;
  /** Of those, that have purchased and not given all back, whenever. */
  purchasedSince: number;
  /** Verified within it and counting now. */
  verified: number;
  /** Of those, from signing up to verified, the median; null of none. */
  medianHoursToVerify: number | null;
  /** Reached the stage `purchased` within it, of those that count now. */
  purchased: number;
}

export async function outcomeOf(tx: Tx, publicationId: string, { startsAt, endsAt }: Period): Promise<Outcome> {
  const within = (at: string) => `${at} >= coalesce($2::timestamptz, '-infinity') and ${at} < $3`;
  const purchase = `join referral_stages s on s.publication_id = r.publication_id and s.referral_id = r.id and s.stage = 'purchased'`;
  const found = await oneRow<Outcome>(
    tx,
    `select
       (select count(*) from referrals r where r.publication_id = $1 and r.state <> 'rejected' and ${within('r.created_at')})::int as signed_up,
       (select count(*) from referrals r ${purchase}
        where r.publication_id = $1 and r.state <> 'rejected' and ${within('r.created_at')})::int as purchased_since,
       (select count(*) from referrals r ${purchase}
        where r.publication_id = $1 and r.state = 'verified' and ${within('s.at')})::int as purchased,
       count(*)::int as verified,
       round((percentile_cont(0.5) within group (order by extract(epoch from v.verified_at - v.created_at)) / 3600)::numeric, 2)::float8 as median_hours_to_verify
     from referrals v where v.publication_id = $1 and v.state = 'verified' and ${within('v.verified_at')}`,
    [publicationId, startsAt, endsAt],
  );
  if (found === null) throw new Error('an aggregate answered no row');
  return found;
}

/** Grants made within a period, by what they are now. */
export async function grantsByStatus(
  tx: Tx,
  publicationId: string,
  { startsAt, endsAt }: Period,
): Promise<{ status: string; count: number }[]> {
  return rows(
    tx,
    `select status, count(*)::int as count from grants
     where publication_id = $1 and created_at >= coalesce($2::timestamptz, '-infinity') and created_at < $3 group by status order by status`,
    [publicationId, startsAt, endsAt],
  );
}

/** Money that grants gave within a period, less what was taken back within it: one sum for each currency. */
export async function rewardCostIn(tx: Tx, publicationId: string, { startsAt, endsAt }: Period): Promise<Money[]> {
  const sums = await rows<{ currency: string; amount: string }>(
    tx,
    `select currency, sum(quantity)::text as amount from ledger_entries
     where publication_id = $1 and unit = 'money' and at >= coalesce($2::timestamptz, '-infinity') and at < $3 group by currency order by currency`,
    [publicationId, startsAt, endsAt],
  );
  return sums.map(({ currency, amount }) => ({ amount: Number(amount), currency }));
}

/** Money that is promised and not sent yet: what the ledger has given for grants that are still to go out. One that waits for approval is not in it. */
export async function liabilities(tx: Tx, publicationId: string): Promise<Money[]> {
  const sums = await rows<{ currency: string; amount: string }>(
    tx,
    `select l.currency, sum(l.quantity)::text as amount
     from ledger_entries l join grants g on g.publication_id = l.publication_id and g.id = l.grant_id
     where l.publication_id = $1 and l.unit = 'money' and g.status in ('awaiting_claim', 'due', 'out_of_stock')
     group by l.currency having sum(l.quantity) <> 0 order by l.currency`,
    [publicationId],
  );
  return sums.map(({ currency, amount }) => ({ amount: Number(amount), currency }));
}
