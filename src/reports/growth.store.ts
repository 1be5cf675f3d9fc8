import { rows, type Tx } from '../platform/database.js';

/** A time with an end that is not in it; `startsAt` null: from the beginning. */
export interface Period {
  startsAt: Date | null;
  endsAt: Date;
}

/** How a publication grew within a period. */
export interface Growth {
  /** Readers at its end: confirmed by then and not unsubscribed by then. Bounced ones are left out, as nobody knows since when. */
  subscribers: number;
  /** Of those, with at least one human click on a link of their own within it. */
  takingPart: number;
  /** Readers who first confirmed within it. */
  newSubscribers: number;
  /** Of those, whom a referral that counts now brought. */
  newReferred: number;
  /** Referrals that count now and were brought, until today, by those who first confirmed within it. */
  cohortReferrals: number;
}

const READER_AT_END = `s.confirmed_at < p.ends_at and s.status <> 'bounced' and (s.unsubscribed_at is null or s.unsubscribed_at >= p.ends_at)`;

/** One row for each period, in their order. */
export async function growthIn(tx: Tx, publicationId: string, periods: readonly Period[]): Promise<Growth[]> {
  return rows(
    tx,
    `select
       (select count(*) from subscribers s where s.publication_id = $1 and ${READER_AT_END})::int as subscribers,
       (select count(distinct s.id)
        from (select distinct participant_id from clicks c
              where c.publication_id = $1 and c.class = 'human' and c.at >= p.starts_at and c.at < p.ends_at) clicked
        join participants t on t.publication_id = $1 and t.id = clicked.participant_id
        join subscribers s on s.publication_id = $1 and s.id = t.subscriber_id
        where ${READER_AT_END})::int as taking_part,
       (select count(*) from subscribers s
        where s.publication_id = $1 and s.confirmed_at >= p.starts_at and s.confirmed_at < p.ends_at)::int as new_subscribers,
       (select count(*) from referrals r join subscribers s on s.publication_id = r.publication_id and s.id = r.referred_id
        where r.publication_id = $1 and r.state = 'verified' and s.confirmed_at >= p.starts_at and s.confirmed_at < p.ends_at)::int as new_referred,
       (select count(*) from referrals r
        join participants t on t.publication_id = r.publication_id and t.id = r.referrer_id
        join subscribers s on s.publication_id = t.publication_id and s.id = t.subscriber_id
        where r.publication_id = $1 and r.state = 'verified' and s.confirmed_at >= p.starts_at and s.confirmed_at < p.ends_at)::int as cohort_referrals
     from (select n, coalesce(starts_at, '-infinity') as starts_at, ends_at
           from unnest($2::timestamptz[], $3::timestamptz[]) with ordinality as given (starts_at, ends_at, n)) p
     order by p.n`,
    [publicationId, periods.map(({ startsAt }) => startsAt), periods.map(({ endsAt }) => endsAt)],
  );
}
