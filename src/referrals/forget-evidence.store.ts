import type { Tx } from '../platform/database.js';

/** Takes the evidence out of the reasons of a referral, of its events and of how it was judged; their codes and weights stay. */
export async function forgetEvidence(tx: Tx, publicationId: string, referralId: string): Promise<void> {
  const codes = `(select coalesce(jsonb_agg(reason - 'evidence' order by n), '[]') from jsonb_array_elements(reasons) with ordinality r (reason, n))`;
  await tx.query(`update referrals set reasons = ${codes} where publication_id = $1 and id = $2`, [
    publicationId,
    referralId,
  ]);
  await tx.query(`update referral_events set reasons = ${codes} where publication_id = $1 and referral_id = $2`, [
    publicationId,
    referralId,
  ]);
  await tx.query(
    `update referral_assessments set refused = refused - 'evidence',
       signs = (select coalesce(jsonb_agg(sign - 'evidence' order by n), '[]') from jsonb_array_elements(signs) with ordinality s (sign, n))
     where publication_id = $1 and referral_id = $2`,
    [publicationId, referralId],
  );
}
