import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { ReferralAdjustment } from './referral.entities.js';

export async function insertAdjustment(tx: Tx, adjustment: ReferralAdjustment): Promise<void> {
  await tx.getRepository(ReferralAdjustment).insert(adjustment);
}

/** A participant's count of verified referrals in a season, locked until the transaction ends; made with 0 where there is none. */
export async function lockCount(
  tx: Tx,
  publicationId: string,
  participantId: string,
  season: number,
  now: Date,
): Promise<number> {
  const key = [publicationId, participantId, season];
  await tx.query(
    `insert into stage_counts (publication_id, participant_id, stage, season, count, changed_at) values ($1, $2, 'verified', $3, 0, $4)
     on conflict do nothing`,
    [...key, now],
  );
  const row = await oneRow<{ count: number }>(
    tx,
    `select count from stage_counts where publication_id = $1 and participant_id = $2 and stage = 'verified' and season = $3 for no key update`,
    key,
  );
  return row!.count;
}

/** The caller has locked the count. */
export async function setCount(
  tx: Tx,
  publicationId: string,
  participantId: string,
  season: number,
  count: number,
  now: Date,
): Promise<void> {
  await tx.query(
    `update stage_counts set count = $4, changed_at = $5 where publication_id = $1 and participant_id = $2 and stage = 'verified' and season = $3`,
    [publicationId, participantId, season, count, now],
  );
}

export interface AdjustmentRow extends ReferralAdjustment {
  programSlug: string;
}

/** The adjustments of a reader in all programs, newest first. */
export async function listAdjustments(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
  page: PageRequest,
): Promise<AdjustmentRow[]> {
  return rows(
    tx,
    `select a.*, g.slug as program_slug from referral_adjustments a
     join participants p on p.publication_id = a.publication_id and p.id = a.participant_id
     join programs g on g.publication_id = p.publication_id and g.id = p.program_id
     where a.publication_id = $1 and p.subscriber_id = $2 and ($3::uuid is null or a.id < $3) order by a.id desc limit $4`,
    [publicationId, subscriberId, page.after, page.limit + 1],
  );
}

/** Empties what staff wrote about a reader's counts; the adjustments stay. */
export async function forgetAdjustmentReasons(tx: Tx, publicationId: string, subscriberId: string): Promise<void> {
  await tx.query(
    `update referral_adjustments set reason = '' where publication_id = $1 and source = 'staff'
       and participant_id in (select id from participants where publication_id = $1 and subscriber_id = $2)`,
    [publicationId, subscriberId],
  );
}
