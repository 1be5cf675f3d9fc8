import type { ReferralState } from '../domain/referral.js';
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
