import { IMPORT_FIELDS, type ImportField } from './import-columns.js';

export type ImportState = 'waiting' | 'running' | 'done' | 'failed';

/** What is done with a file, in this order. A dry run takes all steps but `referrals` and `counts`. */
export const IMPORT_PHASES = ['sort', 'readers', 'referrers', 'referrals', 'counts', 'end'] as const;
export type ImportPhase = (typeof IMPORT_PHASES)[number];

/** Rows that made a new reader, strongest word last: of several that fit, the last is told and the message tells all. */
export const NEW_VERDICTS = ['imported', 'alias', 'referrer_unknown', 'external_id_taken', 'code_taken'] as const;
/** Rows that changed a known reader. */
const CHANGED_VERDICTS = ['updated'] as const;
/** Rows after which everything is as it was. */
export const SKIPPED_VERDICTS = ['unchanged', 'duplicate_in_file', 'suppressed', 'erased', 'not_active'] as const;

export type Verdict =
  | (typeof NEW_VERDICTS)[number]
  | (typeof CHANGED_VERDICTS)[number]
  | (typeof SKIPPED_VERDICTS)[number]
  | InvalidVerdict;
export type InvalidVerdict = `invalid_${ImportField | 'columns'}`;

/** Every verdict there is, for the API's document. */
export const VERDICTS: readonly Verdict[] = [
  ...NEW_VERDICTS,
  ...CHANGED_VERDICTS,
  ...SKIPPED_VERDICTS,
  'invalid_columns',
  ...IMPORT_FIELDS.map((field) => `invalid_${field}` as const),
];

/** Rows in = imported + skipped + failed. */
export function sumUp(verdicts: Partial<Record<Verdict, number>>): {
  imported: number;
  skipped: number;
  failed: number;
} {
  const sums = { imported: 0, skipped: 0, failed: 0 };
  for (const [verdict, count] of Object.entries(verdicts)) {
    if (verdict.startsWith('invalid_')) sums.failed += count;
    else if ((SKIPPED_VERDICTS as readonly string[]).includes(verdict)) sums.skipped += count;
    else sums.imported += count;
  }
  return sums;
}

/**
 * What the total of a file adds to a reader's count (product.md, Readings, "Counts").
 *
 * A reader whom the file made has exactly the total: the rows that name them as `referredBy` are part of it, so only the
 * rest is added; where more rows count than the total says, it is less than nothing. A reader who was there before is only
 * ever raised, to the total or by what it has grown since the last file: running the same file again after friends came or
 * were taken back changes nothing, and a file that this service exported counts nobody twice.
 *
 * @param told referralCount of the row
 * @param now the reader's present count, rows of this file that name them included
 * @param toldBefore the highest total that an earlier import told; null when none did
 */
export function adjustment(told: number, now: number, toldBefore: number | null, isNew: boolean): number {
  if (isNew) return told - now;
  return Math.max(0, Math.min(told - now, toldBefore === null ? told : told - toldBefore));
}

/**
 * How many of the friends whom rows of a file name were already in the totals that earlier files told: so many of what these had
 * added beside referrals have names now, and count as referrals instead. A total that has grown has room for so many more.
 *
 * @param told referralCount of the referrer's own row in the file
 * @param toldBefore the highest total that an earlier import told
 * @param named referrals that rows of the file have made, up to and with this batch
 * @param inBatch how many of them this batch has made
 * @param added what earlier imports have added beside referrals
 */
export function coveredByTotals(
  told: number,
  toldBefore: number,
  named: number,
  inBatch: number,
  added: number,
): number {
  const room = Math.max(0, told - toldBefore);
  const beyond = Math.max(0, named - room) - Math.max(0, named - inBatch - room);
  return Math.min(beyond, Math.max(0, added));
}
