import { rows, type Tx } from '../platform/database.js';
import type { ContestResult, ContestRound } from './contest.entities.js';

/** A place in a closed round. */
export interface ResultRow extends ContestResult {
  /** Not all of what was counted then counts now. */
  isFlagged: boolean;
}

/** Who came where in a closed round, and whether it would be so today. */
export async function resultsOf(tx: Tx, { publicationId, contestId, round }: ContestRound): Promise<ResultRow[]> {
  return rows(
    tx,
    `select x.*, x.count > (
       select count(*) from participants p
       join referrals r on r.publication_id = p.publication_id and r.referrer_id = p.id and r.state = 'verified'
       join referral_stages s on s.publication_id = r.publication_id and s.referral_id = r.id and s.stage = c.stage
       where p.publication_id = x.publication_id and p.subscriber_id = x.subscriber_id and p.program_id = c.program_id
         and greatest(s.at, r.verified_at) >= o.starts_at and greatest(s.at, r.verified_at) < o.ends_at) as is_flagged
     from contest_results x
     join contest_rounds o on o.publication_id = x.publication_id and o.contest_id = x.contest_id and o.round = x.round
     join contests c on c.publication_id = x.publication_id and c.id = x.contest_id
     where x.publication_id = $1 and x.contest_id = $2 and x.round = $3 order by x.rank`,
    [publicationId, contestId, round],
  );
}

/**
 * Marks the prizes that a referral helped to win and that does not count any more at a stage: nobody else wins instead, and people
 * decide what becomes of it. Answers the grants. The caller holds the referral, whose stage is still there.
 */
export async function flagPrizesWonBy(
  tx: Tx,
  publicationId: string,
  referralId: string,
  stage: string,
  now: Date,
): Promise<string[]> {
  const flagged = await rows<{ id: string }>(
    tx,
    `update grants set flagged_at = $4
     where publication_id = $1 and flagged_at is null and status <> 'revoked' and id in (
       select x.grant_id from referrals r
       join referral_stages s on s.publication_id = r.publication_id and s.referral_id = r.id and s.stage = $3
       join contests c on c.publication_id = r.publication_id and c.program_id = r.program_id and c.stage = s.stage
       join contest_rounds o on o.publication_id = c.publication_id and o.contest_id = c.id
         and greatest(s.at, r.verified_at) >= o.starts_at and greatest(s.at, r.verified_at) < o.ends_at
       join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
       join contest_results x on x.publication_id = o.publication_id and x.contest_id = o.contest_id and x.round = o.round
         and x.subscriber_id = p.subscriber_id
       where r.publication_id = $1 and r.id = $2
       union all
       select w.grant_id from raffle_entries e
       join raffle_winners w on w.publication_id = e.publication_id and w.raffle_id = e.raffle_id and w.position = e.position
       where e.publication_id = $1 and e.referral_id = $2 and $3 = 'verified')
     returning id`,
    [publicationId, referralId, stage, now],
  );
  return flagged.map(({ id }) => id).sort();
}
