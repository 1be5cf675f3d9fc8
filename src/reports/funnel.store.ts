import { rows, type Tx } from '../platform/database.js';

export type FunnelBy = 'total' | 'day' | 'content' | 'channel';

/** Counts of one row of the funnel. `key` is null for clicks and referrals of no content. */
export interface FunnelCounts {
  key: string | null;
  clicks: number;
  visitors: number;
  signups: number;
  verified: number;
  qualified: number;
  purchased: number;
}

const KEYS: Record<FunnelBy, string> = {
  total: `'total'`,
  day: `to_char(fact.at at time zone $4, 'YYYY-MM-DD')`,
  content: 'content.slug',
  channel: 'fact.channel',
};

/**
 * Each step at its own time, in days of the publication's zone: a click when it was made, a signup when the form was sent, a
 * verified referral when it was verified, and only while it is. Somebody whom the publication knew already is no signup.
 * Visitors are distinct per UTC day, because their hash changes with it, and are summed over days.
 */
export async function funnelCounts(
  tx: Tx,
  publicationId: string,
  by: FunnelBy,
  days: { from: string | null; to: string | null; timezone: string },
): Promise<FunnelCounts[]> {
  const within = (at: string) =>
    `($2::date is null or ${at} >= $2::date::timestamp at time zone $4) and ($3::date is null or ${at} < ($3::date + 1)::timestamp at time zone $4)`;
  return rows(
    tx,
    `with fact as (
       select 'click' as step, at, content_id, channel, visitor from clicks
       where publication_id = $1 and class = 'human' and ${within('at')}
       union all
       select 'signup', created_at, content_id, channel, null from referrals
       where publication_id = $1 and not (state = 'rejected' and confirmed_at is null) and ${within('created_at')}
       union all
       select 'verified', verified_at, content_id, channel, null from referrals
       where publication_id = $1 and state = 'verified' and ${within('verified_at')}
       union all
       select s.stage, s.at, r.content_id, r.channel, null
       from referral_stages s join referrals r on r.publication_id = s.publication_id and r.id = s.referral_id
       where s.publication_id = $1 and r.state = 'verified' and s.stage in ('qualified', 'purchased') and ${within('s.at')}
     )
     select ${KEYS[by]} as key,
       (count(*) filter (where step = 'click'))::int as clicks,
       count(distinct visitor)::int as visitors,
       (count(*) filter (where step = 'signup'))::int as signups,
       (count(*) filter (where step = 'verified'))::int as verified,
       (count(*) filter (where step = 'qualified'))::int as qualified,
       (count(*) filter (where step = 'purchased'))::int as purchased
     from fact left join contents content on content.publication_id = $1 and content.id = fact.content_id
     group by 1 order by 1 nulls last`,
    [publicationId, days.from, days.to, days.timezone],
  );
}
