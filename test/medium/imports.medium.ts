import { Readable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { Leave } from '../../src/flows/leave.js';
import { startApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();

type Query = Record<string, string>;

function send(publication: TestPublication, csv: string | Buffer, query: Query = {}, key = publication.adminKey) {
  const search = new URLSearchParams({ consent: 'signed up on our old site', ...query });
  return app.http
    .post(`/api/v1/imports?${search}`)
    .set('authorization', `Bearer ${key}`)
    .set('content-type', 'text/csv')
    .send(csv);
}

/** Sends a file, takes it in, and answers how it ended with the verdicts of its rows. */
async function bring(publication: TestPublication, csv: string | Buffer, query: Query = {}) {
  const { status, body } = await send(publication, csv, query);
  if (status !== 202) throw new Error(JSON.stringify(body));
  await app.tick();
  const { body: end } = await publication.admin.get(`/imports/${body.id}`);
  expect(end.state).toBe('done');
  expect(end.imported + end.skipped + end.failed).toBe(end.total);
  expect(end.done).toBe(end.total);
  return { ...end, rows: await rowsOf(publication, body.id) };
}

async function rowsOf(publication: TestPublication, id: string): Promise<Record<string, string>[]> {
  const { text } = await publication.admin.get(`/imports/${id}/rows.csv`).buffer(true);
  return parse(text, { columns: true });
}

const verdicts = ({ rows }: { rows: Record<string, string>[] }) => rows.map(({ verdict }) => verdict);

/** Everything that an import could change, to compare before and after. */
async function everything(publication: TestPublication) {
  const tables = ['subscribers', 'consents', 'participants', 'share_codes', 'referrals', 'referral_events', 'referral_stages'];
  tables.push('stage_counts', 'referral_adjustments', 'grants', 'ledger_entries', 'mails', 'coupon_codes');
  const all: Record<string, unknown> = {};
  for (const table of tables) {
    all[table] = await app.rows(`select * from ${table} t where publication_id = $1 order by t::text`, [publication.id]);
  }
  return all;
}

async function readerBy(publication: TestPublication, email: string) {
  const { body } = await publication.admin.get(`/subscribers?email=${encodeURIComponent(email)}`);
  return body.data[0];
}

describe('an import', () => {
  test('makes active readers with links and consents, and answers 202 at once', async () => {
    const publication = await newPublication(app, { locale: 'ja' });
    const csv = 'email,firstName,locale,shareCode,confirmedAt,externalId,company\n Ana@Mail.Example ,Ana,en,ANA-1,2024-02-29,x1,Acme\nben@mail.example,,,,,,\n';
    const { status, body } = await send(publication, csv);
    expect([status, body.state, body.total, body.done, body.failed]).toEqual([202, 'waiting', 2, 0, 0]);
    await app.tick();
    const [ana, ben] = [await readerBy(publication, 'ana@mail.example'), await readerBy(publication, 'ben@mail.example')];
    expect(ana).toMatchObject({
      ...{ email: 'Ana@mail.example', firstName: 'Ana', status: 'active', locale: 'en', shareCode: 'ana-1', externalId: 'x1' },
      ...{ attributes: { company: 'Acme' }, confirmedAt: '2024-02-29T00:00:00.000Z', referralCount: 0 },
    });
    expect(ben).toMatchObject({ firstName: null, locale: 'ja', attributes: {}, externalId: null });
    expect(ben.shareCode).toMatch(/^[2-9a-z]{8}$/);
    expect((await app.http.get(`/r/ana-1`)).status).toBe(302);
    const consents = await app.rows('select act, source, text_version from consents where publication_id = $1', [publication.id]);
    expect(consents).toEqual(range(2).map(() => ({ act: 'confirmed', source: 'import', textVersion: 'signed up on our old site' })));
    expect(await app.rows('select 1 from mails where publication_id = $1', [publication.id])).toEqual([]);
  });
});
