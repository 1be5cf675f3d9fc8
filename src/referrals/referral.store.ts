import type { Reason } from '../domain/fraud.js';
import type { HeldFor, ReferralState } from '../domain/referral.js';
import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
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

/** A referral with the names that people know it by. */
export interface ReferralRow extends Referral {
  programSlug: string;
  referrerSubscriberId: string;
  /** Null of an erased reader, as below. */
  referrerEmail: string | null;
  referrerCode: string;
  referredEmail: string | null;
  referredStatus: string;
  contentSlug: string | null;
  contentTitle: string | null;
}

const WITH_NAMES = `
  select r.*, g.slug as program_slug, p.subscriber_id as referrer_subscriber_id, ref.email as referrer_email, c.code as referrer_code,
    friend.email as referred_email, friend.status as referred_status, content.slug as content_slug, content.title as content_title
  from referrals r
  join programs g on g.publication_id = r.publication_id and g.id = r.program_id
  join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
  join share_codes c on c.publication_id = p.publication_id and c.participant_id = p.id
  join subscribers ref on ref.publication_id = p.publication_id and ref.id = p.subscriber_id
  join subscribers friend on friend.publication_id = r.publication_id and friend.id = r.referred_id
  left join contents content on content.publication_id = r.publication_id and content.id = r.content_id`;

/**
 * A referral that was refused at signup, because the publication knew the address, is not told: whoever types a stranger's
 * address through their own link would learn from it that the stranger reads the newsletter.
 */
const TOLD_TO_REFERRER = `not (state = 'rejected' and confirmed_at is null)`;

export async function listReferrals(
  tx: Tx,
  publicationId: string,
  filter: { state: string | null; referrerId: string | null },
  page: PageRequest,
): Promise<ReferralRow[]> {
  return rows(
    tx,
    `${WITH_NAMES} where r.publication_id = $1 and ($2::text is null or r.state = $2) and ($3::uuid is null or p.subscriber_id = $3)
       and ($4::uuid is null or r.id < $4) order by r.id desc limit $5`,
    [publicationId, filter.state, filter.referrerId, page.after, page.limit + 1],
  );
}

export async function findReferral(tx: Tx, publicationId: string, id: string): Promise<ReferralRow | null> {
  return oneRow(tx, `${WITH_NAMES} where r.publication_id = $1 and r.id = $2`, [publicationId, id]);
}

/**
 * As findReferral. Keeps both people as they are until the transaction ends: what is written down of them is committed before
 * an erasure empties them, which then finds it.
 */
export async function holdReferral(tx: Tx, publicationId: string, id: string): Promise<ReferralRow | null> {
  return oneRow(tx, `${WITH_NAMES} where r.publication_id = $1 and r.id = $2 for key share of ref, friend`, [
    publicationId,
    id,
  ]);
}

/** The referral of which a subscriber is the friend. */
export async function findReferralOf(tx: Tx, publicationId: string, referredId: string): Promise<ReferralRow | null> {
  return oneRow(tx, `${WITH_NAMES} where r.publication_id = $1 and r.referred_id = $2`, [publicationId, referredId]);
}

/** Who referred a subscriber. */
export interface ReferrerOf {
  referredId: string;
  /** The referrer as a subscriber. */
  subscriberId: string;
  shareCode: string;
  state: ReferralState;
}

export async function referrersOf(
  tx: Tx,
  publicationId: string,
  referredIds: readonly string[],
): Promise<ReferrerOf[]> {
  return rows(
    tx,
    `select r.referred_id, p.subscriber_id, c.code as share_code, r.state
     from referrals r
     join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
     join share_codes c on c.publication_id = p.publication_id and c.participant_id = p.id
     where r.publication_id = $1 and r.referred_id = any ($2::uuid[])`,
    [publicationId, referredIds],
  );
}

/** How the referrals of a participant stand, as their reader may know them. */
export async function referralTally(
  tx: Tx,
  publicationId: string,
  participantId: string,
): Promise<{ state: ReferralState; count: number }[]> {
  return rows(
    tx,
    `select state, count(*)::int as count from referrals
     where publication_id = $1 and referrer_id = $2 and ${TOLD_TO_REFERRER} group by state`,
    [publicationId, participantId],
  );
}

/** The newest referrals of a participant, as their reader may know them. */
export async function referralsForReferrer(
  tx: Tx,
  publicationId: string,
  participantId: string,
  limit: number,
): Promise<ReferralRow[]> {
  return rows(
    tx,
    `${WITH_NAMES} where r.publication_id = $1 and r.referrer_id = $2 and not (r.state = 'rejected' and r.confirmed_at is null) order by r.id desc limit $3`,
    [publicationId, participantId, limit],
  );
}

/** How many referrals of a participant count, by the content that they came from. */
export async function verifiedByContent(
  tx: Tx,
  publicationId: string,
  participantId: string,
): Promise<{ contentId: string; count: number }[]> {
  return rows(
    tx,
    `select content_id, count(*)::int as count from referrals
     where publication_id = $1 and referrer_id = $2 and state = 'verified' and content_id is not null group by content_id`,
    [publicationId, participantId],
  );
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
