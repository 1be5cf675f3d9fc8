import type { Reason } from '../domain/fraud.js';
import type { HeldFor, ReferralState } from '../domain/referral.js';
import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import type { Referral } from './referral.entities.js';

/** A referral with the names that people know it by. */
export interface ReferralRow extends Referral {
  programSlug: string;
  referrerSubscriberId: string;
  /** Null of an erased reader, as below. */
  referrerEmail: string | null;
  referrerCode: string;
  referredEmail: string | null;
  referredStatus: string;
  /** When the friend was first confirmed, by whatever signup. */
  referredConfirmedAt: Date | null;
  contentSlug: string | null;
  contentTitle: string | null;
  /** When the referrer asked to look again, what they wrote, and what a reviewer said to it; null while that is not so. */
  appealedAt: Date | null;
  appealWords: string | null;
  appealDecidedAt: Date | null;
  appealDecision: 'approve' | 'reject' | null;
}

/** Aliases: r, the referrer ref, the friend friend. */
export const WITH_NAMES = `
  select r.*, g.slug as program_slug, p.subscriber_id as referrer_subscriber_id, ref.email as referrer_email, c.code as referrer_code,
    friend.email as referred_email, friend.status as referred_status,
    friend.confirmed_at as referred_confirmed_at, content.slug as content_slug, content.title as content_title,
    appeal.at as appealed_at, appeal.words as appeal_words, appeal.decided_at as appeal_decided_at, appeal.decision as appeal_decision
  from referrals r
  join programs g on g.publication_id = r.publication_id and g.id = r.program_id
  join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
  join share_codes c on c.publication_id = p.publication_id and c.participant_id = p.id
  join subscribers ref on ref.publication_id = p.publication_id and ref.id = p.subscriber_id
  join subscribers friend on friend.publication_id = r.publication_id and friend.id = r.referred_id
  left join contents content on content.publication_id = r.publication_id and content.id = r.content_id
  left join referral_appeals appeal on appeal.publication_id = r.publication_id and appeal.referral_id = r.id`;

export async function listReferrals(
  tx: Tx,
  publicationId: string,
  filter: { state: string | null; heldFor: string | null; referrerId: string | null },
  page: PageRequest,
): Promise<ReferralRow[]> {
  return rows(
    tx,
    `${WITH_NAMES} where r.publication_id = $1 and ($2::text is null or r.state = $2) and ($3::uuid is null or p.subscriber_id = $3)
       and ($4::uuid is null or r.id < $4) and ($6::text is null or r.held_for = $6) order by r.id desc limit $5`,
    [publicationId, filter.state, filter.referrerId, page.after, page.limit + 1, filter.heldFor],
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

/** A change of a referral as staff read it. */
export interface HistoryEntry {
  at: Date;
  fromState: ReferralState | null;
  toState: ReferralState;
  heldFor: HeldFor | null;
  reasons: Reason[];
  actor: string;
}

/** All that happened to a referral, oldest first. */
export async function historyOf(tx: Tx, publicationId: string, referralId: string): Promise<HistoryEntry[]> {
  return rows(
    tx,
    `select at, from_state, to_state, held_for, reasons, actor from referral_events
     where publication_id = $1 and referral_id = $2 order by id`,
    [publicationId, referralId],
  );
}
