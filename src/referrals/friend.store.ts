import type { ReferralState } from '../domain/referral.js';
import { oneRow, rows, type Tx } from '../platform/database.js';
import { type ReferralRow, WITH_NAMES } from './shown-referral.store.js';

/** A referral as its referrer may know it. */
export interface FriendRow extends ReferralRow {
  /** Since when it is what it is. */
  changedAt: Date;
}

/**
 * A referral that was refused at signup, because the publication knew the address, is not told: whoever types a stranger's
 * address through their own link would learn from it that the stranger reads the newsletter. It is told once the address's owner
 * has pressed the button in the mail which that signup caused; 14 days are the life of that mail's link.
 */
const TOLD_TO_REFERRER = `not (r.state = 'rejected' and r.confirmed_at is null and not exists (
  select 1 from consents c where c.publication_id = r.publication_id and c.subscriber_id = r.referred_id
    and c.act = 'confirmed' and c.at between r.created_at and r.created_at + interval '14 days'))`;

const CHANGED = `select shown.*, coalesce((select max(at) from referral_events e
  where e.publication_id = shown.publication_id and e.referral_id = shown.id), shown.created_at) as changed_at from`;

/** How the referrals of a participant stand. */
export async function friendTally(
  tx: Tx,
  publicationId: string,
  participantId: string,
): Promise<{ state: ReferralState; count: number }[]> {
  return rows(
    tx,
    `select r.state, count(*)::int as count from referrals r
     where r.publication_id = $1 and r.referrer_id = $2 and ${TOLD_TO_REFERRER} group by r.state`,
    [publicationId, participantId],
  );
}

/** The newest referrals of a participant in these states, before the one with the id `after`. */
export async function listFriends(
  tx: Tx,
  publicationId: string,
  participantId: string,
  { states, after, limit }: { states: readonly ReferralState[]; after: string | null; limit: number },
): Promise<FriendRow[]> {
  return rows(
    tx,
    `${CHANGED} (
       ${WITH_NAMES} where r.publication_id = $1 and r.referrer_id = $2 and r.state = any ($3::text[]) and ${TOLD_TO_REFERRER}
         and ($4::uuid is null or r.id < $4) order by r.id desc limit $5
     ) shown order by shown.id desc`,
    [publicationId, participantId, states, after, limit],
  );
}

/** One referral of a reader, in whatever program; null when it is another's. */
export async function findFriend(
  tx: Tx,
  publicationId: string,
  referrerSubscriberId: string,
  id: string,
): Promise<FriendRow | null> {
  return oneRow(
    tx,
    `${CHANGED} (${WITH_NAMES} where r.publication_id = $1 and p.subscriber_id = $2 and r.id = $3 and ${TOLD_TO_REFERRER}) shown`,
    [publicationId, referrerSubscriberId, id],
  );
}
