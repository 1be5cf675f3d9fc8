import { copyIn, type Tx } from '../platform/database.js';
import type { ImportRow } from './import.entities.js';

export type StagedRow = Omit<ImportRow, 'publicationId' | 'importId'>;

const CELLS: ((row: StagedRow) => string | number | boolean | Date | object | null)[] = [
  (row) => row.rowNo,
  (row) => row.email,
  (row) => row.emailKey,
  (row) => row.abuseKey,
  (row) => row.firstName,
  (row) => row.locale,
  (row) => row.toldCode,
  (row) => row.shareCode,
  (row) => row.externalId,
  (row) => row.attributes,
  (row) => row.referralCount,
  (row) => row.referredBy,
  (row) => row.referredByKey,
  (row) => row.createdAt,
  (row) => row.confirmedAt,
  (row) => row.alias,
  (row) => row.verdict,
  (row) => row.message,
];
/** In the order of CELLS. */
const COLUMNS = `publication_id, import_id, row_no, email, email_key, abuse_key, first_name, locale, told_code, share_code,
  external_id, attributes, referral_count, referred_by, referred_by_key, created_at, confirmed_at, alias, verdict, message`;

/** Streams rows into the database in lists, as they come; nothing of the file is kept here. */
export async function stageRows(
  tx: Tx,
  publicationId: string,
  importId: string,
  lists: AsyncIterable<readonly StagedRow[]>,
): Promise<void> {
  const owner = `${publicationId}\t${importId}`;
  await copyIn(tx, `copy import_rows (${COLUMNS}) from stdin`, lines(owner, lists));
}

/** A string a list: one write to the socket for some hundred rows. */
async function* lines(owner: string, lists: AsyncIterable<readonly StagedRow[]>): AsyncGenerator<string> {
  for await (const list of lists) {
    let text = '';
    for (const row of list) {
      text += owner;
      for (const cell of CELLS) text += `\t${copyCell(cell(row))}`;
      text += '\n';
    }
    yield text;
  }
}

const ESCAPED: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** The text format of COPY. */
function copyCell(value: string | number | boolean | Date | object | null): string {
  if (value === null) return '\\N';
  if (typeof value === 'string') return escaped(value);
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? escaped(JSON.stringify(value)) : String(value);
}

function escaped(text: string): string {
  return /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (char) => ESCAPED[char] ?? char) : text;
}

/** What the planner has to know of a table that has just got a million rows. */
export async function learnRows(tx: Tx): Promise<void> {
  await tx.query('analyze import_rows');
}
