import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import type { TestPublication } from './make.js';

/** Sends a file of readers; answers the 202 or what was wrong. */
export function send(
  publication: TestPublication,
  csv: string | Buffer,
  query: Record<string, string> = {},
  key = publication.adminKey,
) {
  const search = new URLSearchParams({ consent: 'signed up on our old site', ...query });
  return publication.app.http
    .post(`/api/v1/imports?${search.toString()}`)
    .set('authorization', `Bearer ${key}`)
    .set('content-type', 'text/csv')
    .send(csv);
}

/** An import at its end, with its rows. */
export interface Brought {
  id: string;
  total: number;
  imported: number;
  skipped: number;
  failed: number;
  columns: Record<string, string>;
  ignoredColumns: string[];
  rows: Record<string, string>[];
}

/** Sends a file, takes it in, and answers how it ended with the verdicts of its rows. Sums that do not add up fail. */
export async function bring(
  publication: TestPublication,
  csv: string | Buffer,
  query: Record<string, string> = {},
): Promise<Brought> {
  const { status, body } = await send(publication, csv, query);
  if (status !== 202) throw new Error(JSON.stringify(body));
  await publication.app.tick();
  const { body: end } = await publication.admin.get(`/imports/${body.id}`);
  expect([end.state, end.error]).toEqual(['done', null]);
  expect(end.imported + end.skipped + end.failed).toBe(end.total);
  expect(end.done).toBe(end.total);
  const rows = await rowsOf(publication, body.id);
  expect(rows).toHaveLength(end.total);
  return { ...end, rows };
}

export async function rowsOf(publication: TestPublication, id: string): Promise<Record<string, string>[]> {
  const { text } = await publication.admin.get(`/imports/${id}/rows.csv`).buffer(true);
  return parse(text, { columns: true });
}

export const verdictsOf = ({ rows }: { rows: Record<string, string>[] }) => rows.map(({ verdict }) => verdict);

/** Everything that an import could change, to compare before and after. */
export async function everything(publication: TestPublication): Promise<Record<string, unknown>> {
  const tables = [
    ...['subscribers', 'consents', 'participants', 'share_codes', 'referrals', 'referral_events', 'referral_stages'],
    ...['stage_counts', 'referral_adjustments', 'grants', 'ledger_entries', 'mails', 'coupon_codes'],
  ];
  const all: Record<string, unknown> = {};
  for (const table of tables) {
    const sql = `select * from ${table} t where publication_id = $1 order by t::text`;
    all[table] = await publication.app.rows(sql, [publication.id]);
  }
  return all;
}

export async function readerBy(publication: TestPublication, email: string) {
  const { body } = await publication.admin.get(`/subscribers?email=${encodeURIComponent(email)}`);
  return body.data[0];
}
