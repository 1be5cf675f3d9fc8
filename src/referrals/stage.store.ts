import { oneRow, rows, type Tx } from '../platform/database.js';
import type { Referral } from './referral.entities.js';

/** Notes that a referral has reached a stage. False when it had before. */
export async function recordStage(
  tx: Tx,
  publicationId: string,
  referralId: string,
  stage: string,
  at: Date,
): Promise<boolean> {
  const inserted = await rows(
    tx,
    `insert into referral_stages (publication_id, referral_id, stage, at) values ($1, $2, $3, $4) on conflict do nothing returning stage`,
    [publicationId, referralId, stage, at],
  );
  return inserted.length > 0;
}

/**
 * Adds one to a participant's count and answers the new one. The row stays locked until the transaction ends, so that
 * of friends who confirm at once each sees a count of its own.
 */
export async function countUp(
  tx: Tx,
  publicationId: string,
  participantId: string,
  stage: string,
  season: number,
  now: Date,
): Promise<number> {
  const row = await oneRow<{ count: number }>(
    tx,
    `insert into stage_counts (publication_id, participant_id, stage, season, count, changed_at) values ($1, $2, $3, $4, 1, $5)
     on conflict (publication_id, participant_id, stage, season)
     do update set count = stage_counts.count + 1, changed_at = excluded.changed_at returning count`,
    [publicationId, participantId, stage, season, now],
  );
  if (row === null) throw new Error('the count of a participant answered no row');
  return row.count;
}

export interface StageStanding {
  participantId: string;
  season: number;
  count: number;
}

/** The counts of participants at a stage, by season; none where nothing was counted. */
export async function countsOf(
  tx: Tx,
  publicationId: string,
  participantIds: readonly string[],
  stage: string,
): Promise<StageStanding[]> {
  return rows(
    tx,
    `select participant_id, season, count from stage_counts where publication_id = $1 and participant_id = any ($2::uuid[]) and stage = $3`,
    [publicationId, participantIds, stage],
  );
}

/** Participants of a program who have at least so many at a stage in a season, with their counts. */
export async function participantsAtLeast(
  tx: Tx,
  publicationId: string,
  programId: string,
  stage: string,
  season: number,
  atLeast: number,
): Promise<{ participantId: string; subscriberId: string; count: number }[]> {
  return rows(
    tx,
    `select c.participant_id, p.subscriber_id, c.count
     from stage_counts c join participants p on p.publication_id = c.publication_id and p.id = c.participant_id
     where c.publication_id = $1 and p.program_id = $2 and c.stage = $3 and c.season = $4 and c.count >= $5
     order by c.participant_id`,
    [publicationId, programId, stage, season, atLeast],
  );
}

/** Verified referrals of a program, oldest first. */
export async function verifiedReferrals(tx: Tx, publicationId: string, programId: string): Promise<Referral[]> {
  return rows(
    tx,
    `select * from referrals where publication_id = $1 and program_id = $2 and state = 'verified' order by verified_at, id`,
    [publicationId, programId],
  );
}

export interface ReferralStageAt {
  referralId: string;
  stage: string;
  at: Date;
}

export async function stagesOf(
  tx: Tx,
  publicationId: string,
  referralIds: readonly string[],
): Promise<ReferralStageAt[]> {
  return rows(
    tx,
    `select referral_id, stage, at from referral_stages where publication_id = $1 and referral_id = any ($2::uuid[]) order by at, stage`,
    [publicationId, referralIds],
  );
}
