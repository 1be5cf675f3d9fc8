import type { Heard } from '../domain/heard-from.js';
import { rows, type Tx } from '../platform/database.js';

/** Each further one is somebody's own words. */
const MOST_ANSWERS = 100;

/**
 * Confirmed readers by how they say they heard of the publication, in days of its zone, by their signup; and how many of them a
 * share link brought, whatever became of the referral. Most given answers first.
 */
export async function heardFrom(
  tx: Tx,
  publicationId: string,
  days: { from: string | null; to: string | null; timezone: string },
): Promise<Heard[]> {
  return rows(
    tx,
    `select lower(s.heard_from) as answer, count(*)::int as readers, count(r.id)::int as tracked
     from subscribers s left join referrals r on r.publication_id = s.publication_id and r.referred_id = s.id
     where s.publication_id = $1 and s.heard_from is not null and s.confirmed_at is not null
       and ($2::date is null or s.created_at >= $2::date::timestamp at time zone $4)
       and ($3::date is null or s.created_at < ($3::date + 1)::timestamp at time zone $4)
     group by 1 order by 2 desc, 1 limit $5`,
    [publicationId, days.from, days.to, days.timezone, MOST_ANSWERS],
  );
}
