import { oneRow, type Tx } from '../platform/database.js';
import { LeadMarks } from './lead.entities.js';

export type Marks = Pick<LeadMarks, 'decisionMaker' | 'fit' | 'need' | 'owner' | 'note'>;

const NONE: Marks = { decisionMaker: null, fit: null, need: null, owner: null, note: null };

/** What is noted of a lead. The caller holds its referral. */
export async function marksOf(tx: Tx, publicationId: string, referralId: string): Promise<Marks> {
  const known = await oneRow<Marks>(
    tx,
    `select decision_maker, fit, need, owner, note from lead_marks where publication_id = $1 and referral_id = $2`,
    [publicationId, referralId],
  );
  return known ?? NONE;
}

export async function setMarks(
  tx: Tx,
  publicationId: string,
  referralId: string,
  marks: Marks,
  now: Date,
): Promise<void> {
  await tx
    .getRepository(LeadMarks)
    .upsert({ publicationId, referralId, ...marks, changedAt: now }, ['publicationId', 'referralId']);
}

/** Empties what was noted of the lead that an erased reader was. */
export async function forgetMarks(tx: Tx, publicationId: string, referralId: string): Promise<void> {
  await tx.query(`delete from lead_marks where publication_id = $1 and referral_id = $2`, [publicationId, referralId]);
}
