import type { AttributionOutcome } from '../domain/attribution.js';
import { rows, type Tx } from '../platform/database.js';
import type { ReferralClick } from './referral-click.entities.js';

export type NewReferralClick = Omit<ReferralClick, 'publicationId' | 'referredId' | 'position'>;

/**
 * Writes down what was decided of all that a signup presented, in the place of an earlier decision about the same reader.
 * Their row must be locked: of two signups at once the second one replaces.
 */
export async function replaceReferralClicks(
  tx: Tx,
  publicationId: string,
  referredId: string,
  judged: readonly NewReferralClick[],
): Promise<void> {
  await tx.query(`delete from referral_clicks where publication_id = $1 and referred_id = $2`, [
    publicationId,
    referredId,
  ]);
  await tx.query(
    `insert into referral_clicks
       (publication_id, referred_id, position, click_id, clicked_at, participant_id, content_id, channel, model, window_days, outcome, signed_up_at)
     select $1, $2, n - 1, click_id, clicked_at, participant_id, content_id, channel, model, window_days, outcome, signed_up_at
     from unnest($3::uuid[], $4::timestamptz[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::integer[], $10::text[], $11::timestamptz[])
       with ordinality as j (click_id, clicked_at, participant_id, content_id, channel, model, window_days, outcome, signed_up_at, n)`,
    [
      publicationId, referredId, judged.map((j) => j.clickId), judged.map((j) => j.clickedAt), judged.map((j) => j.participantId),
      judged.map((j) => j.contentId), judged.map((j) => j.channel), judged.map((j) => j.model), judged.map((j) => j.windowDays),
      judged.map((j) => j.outcome), judged.map((j) => j.signedUpAt),
    ], // prettier-ignore
  );
}

/** One that was judged, with the names that people know it by. */
export interface ReferralClickRow extends ReferralClick {
  programSlug: string;
  participantSubscriberId: string;
  /** Null of an erased reader. */
  participantEmail: string | null;
  shareCode: string;
  contentSlug: string | null;
}

/** All that the signup of a reader was judged by, in the order of its judging. */
export async function listReferralClicks(
  tx: Tx,
  publicationId: string,
  referredId: string,
): Promise<ReferralClickRow[]> {
  return rows(
    tx,
    `select rc.*, g.slug as program_slug, p.subscriber_id as participant_subscriber_id, owner.email as participant_email,
       c.code as share_code, content.slug as content_slug
     from referral_clicks rc
     join participants p on p.publication_id = rc.publication_id and p.id = rc.participant_id
     join programs g on g.publication_id = p.publication_id and g.id = p.program_id
     join share_codes c on c.publication_id = p.publication_id and c.participant_id = p.id
     join subscribers owner on owner.publication_id = p.publication_id and owner.id = p.subscriber_id
     left join contents content on content.publication_id = rc.publication_id and content.id = rc.content_id
     where rc.publication_id = $1 and rc.referred_id = $2 order by rc.position`,
    [publicationId, referredId],
  );
}

/** A link that a reader had opened within the window and that lost to another one. */
export interface Rival {
  referredId: string;
  /** Whose it was. */
  ownerId: string;
  outcome: AttributionOutcome;
}

export async function rivalsOf(tx: Tx, publicationId: string, referredIds: readonly string[]): Promise<Rival[]> {
  return rows(
    tx,
    `select rc.referred_id, p.subscriber_id as owner_id, rc.outcome
     from referral_clicks rc join participants p on p.publication_id = rc.publication_id and p.id = rc.participant_id
     where rc.publication_id = $1 and rc.referred_id = any ($2::uuid[])
       and rc.outcome in ('later_than_first', 'earlier_than_last', 'other_model')`,
    [publicationId, referredIds],
  );
}

/** Takes away what an erased reader had opened, but for the link that their referral copies anyway. */
export async function forgetLostClicks(tx: Tx, publicationId: string, referredId: string): Promise<void> {
  await tx.query(`delete from referral_clicks where publication_id = $1 and referred_id = $2 and outcome <> 'won'`, [
    publicationId,
    referredId,
  ]);
}
