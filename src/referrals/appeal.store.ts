import { rows, type Tx } from '../platform/database.js';

/** Keeps that a referrer asked to look again. False when they had before: a referral is appealed once. */
export async function insertAppeal(
  tx: Tx,
  publicationId: string,
  appeal: { referralId: string; words: string | null; at: Date },
): Promise<boolean> {
  const inserted = await rows(
    tx,
    `insert into referral_appeals (publication_id, referral_id, words, at) values ($1, $2, $3, $4)
     on conflict do nothing returning referral_id`,
    [publicationId, appeal.referralId, appeal.words, appeal.at],
  );
  return inserted.length > 0;
}

/** Notes what a reviewer said to an open appeal. False when there is none. */
export async function decideAppeal(
  tx: Tx,
  publicationId: string,
  referralId: string,
  decision: 'approve' | 'reject',
  at: Date,
): Promise<boolean> {
  const decided = await rows(
    tx,
    `update referral_appeals set decision = $3, decided_at = $4
     where publication_id = $1 and referral_id = $2 and decided_at is null returning referral_id`,
    [publicationId, referralId, decision, at],
  );
  return decided.length > 0;
}

/**
 * Empties what was written about the referrals of a person, on either side, and all that names an address of theirs.
 * @param addresses in lower case
 */
export async function forgetAppealWords(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
  addresses: readonly string[],
): Promise<void> {
  await tx.query(
    `update referral_appeals set words = null where publication_id = $1 and referral_id in (
       select a.referral_id from referral_appeals a
       join referrals r on r.publication_id = a.publication_id and r.id = a.referral_id
       join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
       where a.publication_id = $1 and a.words is not null and (
         r.referred_id = $2 or p.subscriber_id = $2
         or exists (select 1 from unnest($3::text[]) address where position(address in lower(a.words)) > 0))
       order by a.referral_id for no key update of a)`,
    [publicationId, subscriberId, addresses],
  );
}
