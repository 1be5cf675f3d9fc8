import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { bring, readerBy, send } from '../support/imports.js';
import { startApp } from '../support/app.js';
import { openDatabase } from '../support/database.js';
import { newPublication, range } from '../support/make.js';

const require = createRequire(import.meta.url);
const app = await startApp();

describe('a file', () => {
  const good = 'email,firstName\nana@mail.example,Änne 山田\n';
  const utf16le = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');

  test.each([
    ['UTF-8', Buffer.from(good)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${good}`)],
    ['UTF-16 little endian', utf16le(good)],
    ['UTF-16 big endian', utf16le(good).swap16()],
    ['semicolons', Buffer.from(good.replaceAll(',', ';'))],
    ['tabs and CRLF', Buffer.from(good.replaceAll(',', '\t').replaceAll('\n', '\r\n'))],
    [
      'quotes, blank lines and no line break at the end',
      Buffer.from('\n"email","firstName"\n\n"ana@mail.example","Änne 山田"'),
    ],
    ['the guard of our own export', Buffer.from("email,firstName\nana@mail.example,'Änne 山田\n".replace("'Ä", 'Ä'))],
  ])('is understood: %s', async (_, csv) => {
    const publication = await newPublication(app);
    const { total, imported } = await bring(publication, csv);
    expect([total, imported]).toEqual([1, 1]);
    expect((await readerBy(publication, 'ana@mail.example')).firstName).toBe('Änne 山田');
  });

  test.each([
    ['nothing at all', '', /empty/],
    ['a header alone', 'email\n', /no rows/],
    ['no header', 'ana@mail.example,Ana\nben@mail.example,Ben\n', /names its columns/],
    ['no column for the address', 'name,city\nAna,Oslo\n', /None of the columns is email; there are: name, city/],
    [
      'a quote that is never closed',
      'email,firstName\nana@mail.example,"Ana\nben@mail.example,Ben\n',
      /Line \d+ .*quote/,
    ],
    ['a quote in the middle', 'email,firstName\nana@mail.example,"An"a\n', /Line 2 .*quote/],
    ['Latin-1', Buffer.from('email,firstName\nana@mail.example,\xc4nne\n', 'latin1'), /not UTF-8 near line 2/],
    ['UTF-16 without a mark', Buffer.from(good, 'utf16le'), /UTF-16 without a byte order mark/],
    ['a workbook', Buffer.from('PK\u0003\u0004and so on'), /Excel/],
    ['half of a character at the end', Buffer.from(good).subarray(0, -2), /not UTF-8/],
    ['a cell without end', `email\n${'x'.repeat(200_000)}\n`, /100,000 characters/],
  ])('is refused with a reason: %s', async (_, csv, reason) => {
    const publication = await newPublication(app);
    const { status, body } = await send(publication, csv);
    expect([status, body.code]).toEqual([422, 'request/invalid']);
    expect(body.detail).toMatch(reason);
    expect(body.detail).not.toContain('ana@mail.example');
    expect(await app.rows('select 1 from imports where publication_id = $1', [publication.id])).toEqual([]);
    expect(await app.rows('select 1 from import_rows where publication_id = $1', [publication.id])).toEqual([]);
  });

  test('is not to be seen before the planner knows its size: a job that begins at once would plan for a single row', async () => {
    const publication = await newPublication(app);
    const other = await openDatabase();
    const holder = other.createQueryRunner();
    await holder.startTransaction();
    await holder.query('lock table import_rows in share update exclusive mode'); // as ANALYZE takes it
    const staging = send(publication, good).then(({ status }) => status);
    const waiting = `select 1 from pg_stat_activity where query = 'analyze import_rows' and wait_event_type = 'Lock' and datname = current_database()`;
    while ((await app.rows(waiting)).length === 0) await sleep(20);
    expect(await app.rows('select 1 from imports where publication_id = $1', [publication.id])).toEqual([]);
    await holder.rollbackTransaction();
    await holder.release();
    expect(await staging).toBe(202);
  });

  test('that breaks far below is refused whole, and the connection serves the next request', async () => {
    const publication = await newPublication(app);
    const lines = range(60_000).map((n) => `reader${n}@mail.example\n`);
    const { status, body } = await send(publication, `email\n${lines.join('')}"x"y\n${lines.join('')}`);
    expect([status, body.detail]).toEqual([422, expect.stringMatching(/Line 60002 /)]);
    expect(await app.rows('select 1 from import_rows where publication_id = $1 limit 1', [publication.id])).toEqual([]);
    expect((await bring(publication, 'email\nana@mail.example\n')).imported).toBe(1);
  });

  test('without consent, with another kind of body, or with a mapping of nonsense is refused', async () => {
    const publication = await newPublication(app);
    expect((await send(publication, good, { consent: ' ' })).status).toBe(422);
    expect((await send(publication, good, { dryRun: 'perhaps' })).status).toBe(422);
    expect((await send(publication, good, { mapping: '{"firstName":"no such field"}' })).status).toBe(422);
    expect((await send(publication, good, { mapping: '{"nowhere":"email"}' })).body.detail).toContain('nowhere');
    expect((await publication.admin.post('/imports?consent=yes', { email: 'a@mail.example' })).status).toBe(415);
    expect((await publication.admin.post('/imports?consent=yes')).status).toBe(415);
  });

  test('with other names of columns takes a mapping, and unguards what an export has guarded', async () => {
    const publication = await newPublication(app);
    const mapping = JSON.stringify({ Adresse: 'email', Vorname: 'firstName', email: null });
    const csv = "email,Adresse,Vorname,Lieblingsbrot\nx,ana@mail.example,'=Ana,Rye\n";
    const { columns, ignoredColumns } = await bring(publication, csv, { mapping });
    expect(columns).toEqual({ Adresse: 'email', Vorname: 'firstName' });
    expect(ignoredColumns).toEqual(['email', 'Lieblingsbrot']);
    expect((await readerBy(publication, 'ana@mail.example')).firstName).toBe('=Ana');
    const { rows } = await bring(publication, 'email\n=cmd()@mail.example\n=1+1\n');
    expect(rows.map(({ email }) => email!.startsWith("'="))).toEqual([true, true]);
  });

  test.each([
    'comma_in_quotes',
    'empty',
    'empty_crlf',
    'escaped_quotes',
    'json',
    'newlines',
    'newlines_crlf',
    'quotes_and_newlines',
    'simple',
    'simple_crlf',
    'utf8',
  ])('of csv-spectrum has all its rows: %s', async (name) => {
    const folder = path.dirname(require.resolve('csv-spectrum/package.json'));
    const expected = JSON.parse(readFileSync(path.join(folder, 'json', `${name}.json`), 'utf8'));
    const [header] = Object.keys(expected[0]);
    const publication = await newPublication(app);
    const mapping = JSON.stringify({ [header!]: 'email' });
    const { total, ignoredColumns } = await bring(publication, readFileSync(path.join(folder, 'csvs', `${name}.csv`)), {
      mapping,
    });
    expect(total).toBe(expected.length);
    expect(ignoredColumns).toEqual(Object.keys(expected[0]).slice(1));
  });
});
