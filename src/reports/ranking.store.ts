import { rows, type Tx } from '../platform/database.js';

/** Somebody's place among those who brought friends. */
export interface Ranked {
  subscriberId: string;
  /** Referrals that count now. */
  count: number;
  /** When the last of them came to count. */
  reachedAt: Date;
}

/** What is ranked: referrals of a program or of all, at a stage, that came to count within a time. */
export interface Ranking {
  programId: string | null;
  stage: string;
  /** Null: from the beginning. */
  startsAt: Date | null;
  /** Not in it; null: until now. */
  endsAt: Date | null;
}

/**
 * When a referral `r` came to count at a stage `s`: a stage that was reached before it was verified counts from then on. So it is the
 * moment at which it enters a ranking, too.
 */
const COUNTED_AT = 'greatest(s.at, r.verified_at)';

/**
 * Who brought most, by referrals that count now: first who has more, and of two with as many, who had theirs first, that is, whose last
 * one came earlier. Adjustments are nobody's referral and left out, and so are erased readers.
 */
export async function rankingOf(
  tx: Tx,
  publicationId: string,
  { programId, stage, startsAt, endsAt }: Ranking,
  limit: number,
): Promise<Ranked[]> {
  return rows(
    tx,
    `select p.subscriber_id, count(*)::int as count, max(${COUNTED_AT}) as reached_at
     from referrals r
     join referral_stages s on s.publication_id = r.publication_id and s.referral_id = r.id and s.stage = $3
     join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
     join subscribers u on u.publication_id = p.publication_id and u.id = p.subscriber_id and u.status <> 'erased'
     where r.publication_id = $1 and r.state = 'verified' and ($2::uuid is null or r.program_id = $2)
       and ($4::timestamptz is null or ${COUNTED_AT} >= $4) and ($5::timestamptz is null or ${COUNTED_AT} < $5)
     group by p.subscriber_id order by count(*) desc, max(${COUNTED_AT}), p.subscriber_id limit $6`,
    [publicationId, programId, stage, startsAt, endsAt, limit],
  );
}
