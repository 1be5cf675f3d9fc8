import { oneRow, rows, type Tx } from '../platform/database.js';
import type { Referral } from './referral.entities.js';

/** Notes that a referral has reached a stage, at the earliest time that was told. False when it had before. */
export async function recordStage(
  tx: Tx,
  publicationId: string,
  referralId: string,
  stage: string,
  at: Date,
): Promise<boolean> {
  const row = await oneRow<{ isNew: boolean }>(
    tx,
    `insert into referral_stages as s (publication_id, referral_id, stage, at) values ($1, $2, $3, $4)
     on conflict (publication_id, referral_id, stage) do update set at = least(s.at, excluded.at) returning xmax = 0 as is_new`,
    [publicationId, referralId, stage, at],
  );
  return row?.isNew ?? false;
}

/** Moves the time of a stage that a referral has reached. */
export async function moveStage(
  tx: Tx,
  publicationId: string,
  referralId: string,
  stage: string,
  at: Date,
): Promise<void> {
  await tx.query(
    `update referral_stages set at = $4 where publication_id = $1 and referral_id = $2 and stage = $3 and at <> $4`,
    [publicationId, referralId, stage, at],
  );
}

/** Notes that a referral counts, and what its friend had bought before anybody referred them. */
export async function recordVerified(
  tx: Tx,
  { publicationId, id, referredId }: Pick<Referral, 'publicationId' | 'id' | 'referredId'>,
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into referral_stages (publication_id, referral_id, stage, at)
     select $1::uuid, $2::uuid, 'verified', $4::timestamptz
     union all
     select $1::uuid, $2::uuid, 'purchased', min(at) from purchases
     where publication_id = $1::uuid and subscriber_id = $3 and refunded_at is null having count(*) > 0
     on conflict (publication_id, referral_id, stage) do nothing`,
    [publicationId, id, referredId, at],
  );
}

/** Takes back that a referral has reached a stage, which counts no more; see countDown. */
export async function forgetStage(tx: Tx, publicationId: string, referralId: string, stage: string): Promise<void> {
  await tx.query(`delete from referral_stages where publication_id = $1 and referral_id = $2 and stage = $3`, [
    publicationId,
    referralId,
    stage,
  ]);
}

/**
 * Adds a referral that has reached a stage to its referrer's count and answers the new one. The row stays locked until the
 * transaction ends, so that of friends who confirm at once each sees a count of its own.
 */
export async function countUp(
  tx: Tx,
  { publicationId, id, referrerId }: Pick<Referral, 'publicationId' | 'id' | 'referrerId'>,
  stage: string,
  season: number,
  now: Date,
): Promise<number> {
  const row = await oneRow<{ count: number }>(
    tx,
    `with counted as (update referral_stages set season = $5 where publication_id = $1 and referral_id = $2 and stage = $4)
     insert into stage_counts (publication_id, participant_id, stage, season, count, changed_at) values ($1, $3, $4, $5, 1, $6)
     on conflict (publication_id, participant_id, stage, season)
     do update set count = stage_counts.count + 1, changed_at = excluded.changed_at returning count`,
    [publicationId, id, referrerId, stage, season, now],
  );
  if (row === null) throw new Error('the count of a participant answered no row');
  return row.count;
}

/** Takes a referral out of the count that it is in. The count never falls below zero, whatever adjustments had made of it. */
export async function countDown(
  tx: Tx,
  { publicationId, id, referrerId }: Pick<Referral, 'publicationId' | 'id' | 'referrerId'>,
  stage: string,
  season: number,
  now: Date,
): Promise<{ before: number; after: number }> {
  const key = [publicationId, referrerId, stage, season];
  const known = await oneRow<{ count: number }>(
    tx,
    `select count from stage_counts where publication_id = $1 and participant_id = $2 and stage = $3 and season = $4 for no key update`,
    key,
  );
  const before = known?.count ?? 0;
  const after = Math.max(0, before - 1);
  await tx.query(
    `with left_out as (update referral_stages set season = null where publication_id = $1 and referral_id = $7 and stage = $3)
     update stage_counts set count = $5, changed_at = $6 where publication_id = $1 and participant_id = $2 and stage = $3 and season = $4`,
    [...key, after, now, id],
  );
  return { before, after };
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

export interface ReferralStageAt {
  referralId: string;
  stage: string;
  at: Date;
  /** The season in whose count it is; null while it is in none. */
  season: number | null;
}

export async function stagesOf(
  tx: Tx,
  publicationId: string,
  referralIds: readonly string[],
): Promise<ReferralStageAt[]> {
  return rows(
    tx,
    `select referral_id, stage, at, season from referral_stages where publication_id = $1 and referral_id = any ($2::uuid[]) order by at, stage`,
    [publicationId, referralIds],
  );
}

/** In one order for all: two friends of one referrer who move several counts then wait for each other, and not in a circle. */
export function inLockOrder<Reached extends { stage: string }>(stages: readonly Reached[]): Reached[] {
  return stages.toSorted((a, b) => (a.stage < b.stage ? -1 : 1));
}
