import { rows, type Tx } from '../platform/database.js';

/** Readers who first confirmed in one calendar month, and how many stayed. */
export interface Cohort {
  /** `2026-11`, in the zone of the publication. */
  month: string;
  referred: boolean;
  readers: number;
  /** How many had not unsubscribed 0, 1, 2 … months after they confirmed; as many as have passed for all of them, 12 at most. */
  stayed: number[];
}

const MONTHS = Array.from({ length: 13 }, (_, n) => n);
const stayedFor = (n: number) =>
  `(count(*) filter (where unsubscribed_at is null or unsubscribed_at >= confirmed_at + interval '${n} months'))::int`;

/**
 * Who stays, by the month of confirming: those whom a referral that counts now brought, and the others. Erased and bounced readers
 * are left out, as nobody knows since when they were gone.
 * @param months calendar months, oldest first
 */
export async function cohortsOf(
  tx: Tx,
  publicationId: string,
  months: readonly { key: string; startsAt: Date; endsAt: Date }[],
  now: Date,
): Promise<Cohort[]> {
  return rows(
    tx,
    `with months as (
       select month, starts_at, ends_at, (select count(*)::int from generate_series(1, 12) n where ends_at + make_interval(months => n::int) <= $5) as passed
       from unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) as given (month, starts_at, ends_at)
     ), readers as (
       select m.month, m.passed, s.confirmed_at, s.unsubscribed_at,
         exists (select 1 from referrals r where r.publication_id = s.publication_id and r.referred_id = s.id and r.state = 'verified') as referred
       from months m join subscribers s on s.publication_id = $1 and s.confirmed_at >= m.starts_at and s.confirmed_at < m.ends_at
       where s.status not in ('bounced', 'erased')
     )
     select month, referred, count(*)::int as readers, (array[${MONTHS.map(stayedFor).join(', ')}])[1:passed + 1] as stayed
     from readers group by month, passed, referred order by month, referred desc`,
    [publicationId, months.map(({ key }) => key), months.map(({ startsAt }) => startsAt), months.map(({ endsAt }) => endsAt), now], // prettier-ignore
  );
}
