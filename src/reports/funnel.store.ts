import type { FunnelDimension } from '../domain/funnel.js';
import type { Money } from '../domain/money.js';
import { rows, type Tx } from '../platform/database.js';

/** Counts of one row of the funnel. */
export interface FunnelCounts {
  /** One key for each dimension, in their order; null for what came through no content. */
  keys: (string | null)[];
  shares: number;
  clicks: number;
  visitors: number;
  signups: number;
  verified: number;
  qualified: number;
  purchased: number;
  revenue: Money[];
}

/** Days in the publication's zone, both included; null: no bound. */
export interface Days {
  from: string | null;
  to: string | null;
  timezone: string;
}

/** What facts are grouped by, and what a group is called. Names are looked up for the groups, which are few, not for the facts. */
const DIMENSIONS: Record<FunnelDimension, { group: string; name: (key: string) => string }> = {
  day: { group: `(fact.at at time zone $4)::date::text`, name: (key) => key },
  content: {
    group: 'fact.content_id::text',
    name: (key) => `(select slug from contents where publication_id = $1 and id = ${key}::uuid)`,
  },
  channel: { group: 'fact.channel', name: (key) => key },
  referrer: { group: 'referrer.subscriber_id::text', name: (key) => key },
  program: {
    group: 'referrer.program_id::text',
    name: (key) => `(select slug from programs where publication_id = $1 and id = ${key}::uuid)`,
  },
};

const within = (at: string) =>
  `($2::date is null or ${at} >= $2::date::timestamp at time zone $4) and ($3::date is null or ${at} < ($3::date + 1)::timestamp at time zone $4)`;
const OF_REFERRAL = 'r.content_id, r.channel, r.referrer_id, null';

/** $1 publication, $2 from, $3 to, $4 zone. Each step at its own time. */
const FACTS = `
  select 'share' as step, at, content_id, channel, participant_id, null::bytea as visitor, null::text as currency, null::bigint as amount from shares
  where publication_id = $1 and ${within('at')}
  union all
  select 'click', at, content_id, channel, participant_id, visitor, null, null from clicks
  where publication_id = $1 and class = 'human' and ${within('at')}
  union all
  select 'signup', r.created_at, ${OF_REFERRAL}, null, null from referrals r
  where publication_id = $1 and not (state = 'rejected' and confirmed_at is null) and ${within('created_at')}
  union all
  select 'verified', r.verified_at, ${OF_REFERRAL}, null, null from referrals r
  where publication_id = $1 and state = 'verified' and ${within('verified_at')}
  union all
  select s.stage, s.at, ${OF_REFERRAL}, null, null
  from referral_stages s join referrals r on r.publication_id = s.publication_id and r.id = s.referral_id
  where s.publication_id = $1 and r.state = 'verified' and s.stage in ('qualified', 'purchased') and ${within('s.at')}
  union all
  select 'sale', b.at, ${OF_REFERRAL}, b.currency, b.amount
  from purchases b join referrals r on r.publication_id = b.publication_id and r.referred_id = b.subscriber_id
  where b.publication_id = $1 and r.state = 'verified' and b.refunded_at is null and b.amount is not null and ${within('b.at')}`;

/**
 * Each step at its own time, in days of the publication's zone: a press or a click when it was made, a signup when the form was
 * sent, a verified referral when it was verified, and only while it is; a stage when it was reached and a purchase when it was
 * made, both of referrals that count now, so that a reversal or a refund restates the past. Somebody whom the publication knew
 * already is no signup. Visitors are distinct per UTC day, because their hash changes with it, and are summed over days.
 * @param by no dimension for one row over all; each differs from the others
 */
export async function funnelCounts(
  tx: Tx,
  publicationId: string,
  by: readonly FunnelDimension[],
  days: Days,
): Promise<FunnelCounts[]> {
  const groups = by.map((dimension, index) => `${DIMENSIONS[dimension].group} as k${index}`);
  const keys = by.map((_, index) => `k${index}`);
  const names = by.map((dimension, index) => DIMENSIONS[dimension].name(`steps.k${index}`));
  const group = ['step is null', ...keys].join(', ');
  const needsReferrer = by.includes('referrer') || by.includes('program');
  const same = ['true', ...keys.map((key) => `revenue.${key} is not distinct from steps.${key}`)].join(' and ');
  return rows(
    tx,
    `with fact as (${FACTS}), keyed as (
       select ${['step', 'visitor', 'currency', 'amount', ...groups].join(', ')} from fact
       ${needsReferrer ? 'left join participants referrer on referrer.publication_id = $1 and referrer.id = fact.participant_id' : ''}
     ), sold as (
       select ${['currency', 'sum(amount) as amount', ...keys].join(', ')} from keyed where step = 'sale' group by ${['currency', ...keys].join(', ')}
     ), revenue as (
       select ${[`jsonb_agg(jsonb_build_object('amount', amount, 'currency', currency) order by currency) as sums`, ...keys].join(', ')}
       from sold group by ${['currency is null', ...keys].join(', ')}
     ), steps as (
       select ${keys.map((key) => `${key}, `).join('')}
         (count(*) filter (where step = 'share'))::int as shares,
         (count(*) filter (where step = 'click'))::int as clicks,
         count(distinct visitor)::int as visitors,
         (count(*) filter (where step = 'signup'))::int as signups,
         (count(*) filter (where step = 'verified'))::int as verified,
         (count(*) filter (where step = 'qualified'))::int as qualified,
         (count(*) filter (where step = 'purchased'))::int as purchased
       from keyed group by ${group}
     )
     select array[${names.join(', ')}]::text[] as keys, shares, clicks, visitors, signups, verified, qualified, purchased,
       coalesce(revenue.sums, '[]') as revenue
     from steps left join revenue on ${same} order by 1`,
    [publicationId, days.from, days.to, days.timezone],
  );
}
