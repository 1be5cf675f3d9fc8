import type { Reason } from '../domain/fraud.js';
import type { HeldFor, ReferralState } from '../domain/referral.js';
import { oneRow, rows, type Tx } from '../platform/database.js';
import { Referral } from './referral.entities.js';

/** Inserts a referral. Null when the friend has one: an address is referred to a publication once. */
export async function insertReferral(tx: Tx, publicationId: string, referral: Referral): Promise<Referral | null> {
  return oneRow(
    tx,
    `insert into referrals (publication_id, id, program_id, referrer_id, referred_id, state, reasons, click_id, clicked_at, content_id, channel, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (publication_id, referred_id) do nothing returning *`,
    [
      publicationId, referral.id, referral.programId, referral.referrerId, referral.referredId, referral.state, JSON.stringify(referral.reasons),
      referral.clickId, referral.clickedAt, referral.contentId, referral.channel, referral.createdAt,
    ], // prettier-ignore
  );
}

/** The referral of a friend, locked until the transaction ends. */
export async function lockReferralOf(tx: Tx, publicationId: string, referredId: string): Promise<Referral | null> {
  return oneRow(tx, `select * from referrals where publication_id = $1 and referred_id = $2 for no key update`, [
    publicationId,
    referredId,
  ]);
}

/** As lockReferralOf, by the id of the referral. */
export async function lockReferral(tx: Tx, publicationId: string, id: string): Promise<Referral | null> {
  return oneRow(tx, `select * from referrals where publication_id = $1 and id = $2 for no key update`, [
    publicationId,
    id,
  ]);
}

export async function updateReferral(
  tx: Tx,
  publicationId: string,
  id: string,
  changes: Partial<Referral>,
): Promise<void> {
  await tx.getRepository(Referral).update({ publicationId, id }, changes);
}

export interface StateChange {
  id: string;
  referralId: string;
  fromState: ReferralState | null;
  toState: ReferralState;
  heldFor: HeldFor | null;
  reasons: Reason[];
  /** `reader`, `schedule`, or the role of a key. */
  actor: string;
  at: Date;
}

/** Appends what happened to a referral. */
export async function recordChange(tx: Tx, publicationId: string, change: StateChange): Promise<void> {
  await tx.query(
    `insert into referral_events (publication_id, id, referral_id, from_state, to_state, held_for, reasons, actor, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      publicationId,
      change.id,
      change.referralId,
      change.fromState,
      change.toState,
      change.heldFor,
      JSON.stringify(change.reasons),
      change.actor,
      change.at,
    ],
  );
}

/** Whether a referral of this participant that counts was ever looked at by a person. */
export async function wasEverReviewed(tx: Tx, publicationId: string, participantId: string): Promise<boolean> {
  const found = await oneRow(
    tx,
    `select 1 as found from referral_events e join referrals r on r.publication_id = e.publication_id and r.id = e.referral_id
     where r.publication_id = $1 and r.referrer_id = $2 and r.state = 'verified' and e.held_for = 'review' limit 1`,
    [publicationId, participantId],
  );
  return found !== null;
}

/**
 * Ids of pending referrals made before a moment, over all publications: the schedule serves everybody.
 * @param only one publication; null for all
 */
export async function pendingSince(
  tx: Tx,
  before: Date,
  limit: number,
  only: string | null,
): Promise<{ publicationId: string; id: string }[]> {
  return rows(
    tx,
    `select publication_id, id from referrals
     where state = 'pending' and created_at <= $1 and ($3::uuid is null or publication_id = $3) order by created_at limit $2`,
    [before, limit, only],
  );
}

/** Ids of referrals whose delay is over; as pendingSince. */
export async function delayOver(
  tx: Tx,
  now: Date,
  limit: number,
  only: string | null,
): Promise<{ publicationId: string; id: string }[]> {
  return rows(
    tx,
    `select publication_id, id from referrals
     where state = 'held' and held_for = 'delay' and held_until <= $1 and ($3::uuid is null or publication_id = $3)
     order by held_until limit $2`,
    [now, limit, only],
  );
}

/** Ids of referrals whose review ends by itself, now; as pendingSince. */
export async function reviewOver(
  tx: Tx,
  now: Date,
  limit: number,
  only: string | null,
): Promise<{ publicationId: string; id: string }[]> {
  return rows(
    tx,
    `select publication_id, id from referrals
     where state = 'held' and held_for = 'review' and held_until <= $1 and ($3::uuid is null or publication_id = $3)
     order by held_until limit $2`,
    [now, limit, only],
  );
}

/**
 * Ids of referrals that are held for a click which is known, or which their program asks for no more; as pendingSince. The click
 * itself lets them go: here are those whose program has changed.
 */
export async function engagementOver(
  tx: Tx,
  limit: number,
  only: string | null,
): Promise<{ publicationId: string; id: string }[]> {
  return rows(
    tx,
    `select r.publication_id, r.id from referrals r join programs g on g.publication_id = r.publication_id and g.id = r.program_id
     where r.state = 'held' and r.held_for = 'engagement' and (r.engaged_at is not null or not g.require_engagement)
       and ($2::uuid is null or r.publication_id = $2) order by r.id limit $1`,
    [limit, only],
  );
}

/** Those of these referrals that count, the latest first, with what the friend had read. */
export async function verifiedAmong(
  tx: Tx,
  publicationId: string,
  ids: readonly string[],
): Promise<Pick<Referral, 'id' | 'contentId'>[]> {
  return rows(
    tx,
    `select id, content_id from referrals where publication_id = $1 and id = any ($2::uuid[]) and state = 'verified'
     order by verified_at desc, id`,
    [publicationId, ids],
  );
}
