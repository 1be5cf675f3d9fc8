import { rows, type Tx } from '../platform/database.js';

export interface StandingParticipant {
  participantId: string;
  subscriberId: string;
  count: number;
}

/**
 * The next participants of a program who have at least so many at a stage in its season, by their ids.
 * @param after the last of those before; null for the first
 * @param lock whether their counts stay as they are until the transaction ends
 */
export async function participantsPast(
  tx: Tx,
  program: { publicationId: string; id: string; season: number },
  { stage, threshold }: { stage: string; threshold: number },
  page: { after: string | null; limit: number },
  lock: boolean,
): Promise<StandingParticipant[]> {
  return rows(
    tx,
    `select c.participant_id, p.subscriber_id, c.count
     from stage_counts c join participants p on p.publication_id = c.publication_id and p.id = c.participant_id
     where c.publication_id = $1 and p.program_id = $2 and c.stage = $3 and c.season = $4 and c.count >= $5
       and ($6::uuid is null or c.participant_id > $6)
     order by c.participant_id limit $7 ${lock ? 'for no key update of c' : ''}`,
    [program.publicationId, program.id, stage, program.season, threshold, page.after, page.limit],
  );
}

/** What made a count what it is: a referral that counts, or an adjustment, which is nobody's. */
export interface CountedFact {
  participantId: string;
  referralId: string | null;
  referredId: string | null;
  at: Date;
  delta: number;
}

/** The facts behind the counts of participants at a stage in a season, oldest first. */
export async function countedFacts(
  tx: Tx,
  publicationId: string,
  participantIds: readonly string[],
  stage: string,
  season: number,
): Promise<CountedFact[]> {
  return rows(
    tx,
    `select r.referrer_id as participant_id, r.id as referral_id, r.referred_id, s.at, 1 as delta
     from referrals r join referral_stages s on s.publication_id = r.publication_id and s.referral_id = r.id
     where r.publication_id = $1 and r.referrer_id = any ($2::uuid[]) and s.stage = $3 and s.season = $4
     union all
     select participant_id, null, null, at, delta from referral_adjustments
     where publication_id = $1 and participant_id = any ($2::uuid[]) and $3 = 'verified' and season = $4
     order by at, referral_id`,
    [publicationId, participantIds, stage, season],
  );
}
