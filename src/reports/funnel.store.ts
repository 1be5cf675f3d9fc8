import type { Money } from '../domain/money.js';
import { rows, type Tx } from '../platform/database.js';

export type FunnelBy = 'total' | 'day' | 'content' | 'channel' | 'referrer';

/** Counts of one row of the funnel. `key` is null for clicks and referrals of no content. */
export interface FunnelCounts {
  key: string | null;
  clicks: number;
  visitors: number;
  signups: number;
  verified: number;
  qualified: number;
  purchased: number;
  revenue: Money[];
}

const KEYS: Record<FunnelBy, string> = {
  total: `'total'`,
  day: `to_char(fact.at at time zone $4, 'YYYY-MM-DD')`,
  content: 'content.slug',
  channel: 'fact.channel',
  referrer: 'referrer.subscriber_id::text',
};

/**
 * Each step at its own time, in days of the publication's zone: a click when it was made, a signup when the form was sent, a
 * verified referral when it was verified, and only while it is; a stage when it was reached and a purchase when it was made,
 * both of referrals that count now, so that a reversal or a refund restates the past. Somebody whom the publication knew
 * already is no signup. Visitors are distinct per UTC day, because their hash changes with it, and are summed over days.
 */
export async function funnelCounts(
  tx: Tx,
  publicationId: string,
  by: FunnelBy,
  days: { from: string | null; to: string | null; timezone: string },
): Promise<FunnelCounts[]> {
  const within = (at: string) =>
    `($2::date is null or ${at} >= $2::date::timestamp at time zone $4) and ($3::date is null or ${at} < ($3::date + 1)::timestamp at time zone $4)`;
  const ofReferral = 'r.content_id, r.channel, r.referrer_id, null';
  return rows(
    tx,
    `with fact as (
       select 'click' as step, at, content_id, channel, participant_id, visitor, null::text as currency, null::bigint as amount from clicks
       where publication_id = $1 and class = 'human' and ${within('at')}
       union all
       select 'signup', r.created_at, ${ofReferral}, null, null from referrals r
       where publication_id = $1 and not (state = 'rejected' and confirmed_at is null) and ${within('created_at')}
       union all
       select 'verified', r.verified_at, ${ofReferral}, null, null from referrals r
       where publication_id = $1 and state = 'verified' and ${within('verified_at')}
       union all
       select s.stage, s.at, ${ofReferral}, null, null
       from referral_stages s join referrals r on r.publication_id = s.publication_id and r.id = s.referral_id
       where s.publication_id = $1 and r.state = 'verified' and s.stage in ('qualified', 'purchased') and ${within('s.at')}
       union all
       select 'sale', b.at, ${ofReferral}, b.currency, b.amount
       from purchases b join referrals r on r.publication_id = b.publication_id and r.referred_id = b.subscriber_id
       where b.publication_id = $1 and r.state = 'verified' and b.refunded_at is null and b.amount is not null and ${within('b.at')}
     ), keyed as (
       select fact.*, ${KEYS[by]} as key from fact
       left join contents content on content.publication_id = $1 and content.id = fact.content_id
       left join participants referrer on referrer.publication_id = $1 and referrer.id = fact.participant_id
     ), revenue as (
       select key, jsonb_agg(jsonb_build_object('amount', amount, 'currency', currency) order by currency) as sums
       from (select key, currency, sum(amount) as amount from keyed where step = 'sale' group by key, currency) sold group by key
     ), steps as (
       select key,
         (count(*) filter (where step = 'click'))::int as clicks,
         count(distinct visitor)::int as visitors,
         (count(*) filter (where step = 'signup'))::int as signups,
         (count(*) filter (where step = 'verified'))::int as verified,
         (count(*) filter (where step = 'qualified'))::int as qualified,
         (count(*) filter (where step = 'purchased'))::int as purchased
       from keyed group by key
     )
     select steps.*, coalesce(revenue.sums, '[]') as revenue
     from steps left join revenue on revenue.key is not distinct from steps.key order by steps.key nulls last`,
    [publicationId, days.from, days.to, days.timezone],
  );
}
