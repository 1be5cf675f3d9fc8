import { describe, expect, test } from 'vitest';
import { findColumns, IMPORT_SOURCES } from './import-columns.js';
import { parseImportDate } from './import-dates.js';
import { RowReader } from './import-rows.js';
import { adjustment, coveredByTotals, sumUp, VERDICTS } from './import-verdicts.js';

const now = new Date('2026-11-22T00:00:00Z');

function columnsOf(header: string[], mapping = {}) {
  const found = findColumns(header, mapping);
  if (!found.ok) throw new Error(found.problem);
  return found.columns;
}

function read(row: Record<string, string>, cells = Object.values(row)) {
  return new RowReader(columnsOf(Object.keys(row)), now).read(cells);
}

describe('columns', () => {
  test.each(
    IMPORT_SOURCES.flatMap(({ of, columns }) => Object.entries(columns).map((entry) => [of, ...entry] as const)),
  )('%s: %s is %s', (_, name, field) => {
    const header = field === 'email' ? [name] : ['email', name];
    expect(columnsOf(header).told[name]).toBe(field);
  });

  test('are found in any case and with any punctuation, the first of two counts, the rest is named', () => {
    const columns = columnsOf(['E-MAIL_Address', 'first name', 'Name', '', 'Shoe size']);
    expect(columns.at).toEqual({ email: 0, firstName: 1 });
    expect(columns.ignored).toEqual(['Name', 'Shoe size']);
  });

  test('are what the user says', () => {
    const columns = columnsOf(['email', 'Contact', 'Name'], { Contact: 'email', name: null });
    expect([columns.at, columns.ignored]).toEqual([{ email: 1 }, ['Name', 'email']]);
    expect(findColumns(['email'], { Contact: 'email' })).toMatchObject({ ok: false });
  });

  test('never come from a first line that is a reader, and its address is not repeated', () => {
    const found = findColumns(['ana@mail.example', 'Ana'], {});
    expect(found).toMatchObject({ ok: false });
    expect(JSON.stringify(found)).not.toContain('ana@');
  });
});

describe('a row', () => {
  test('is understood', () => {
    expect(
      read({
        ...{
          email: ' Ana@Mail.Example ',
          firstName: "'=Ana",
          locale: 'ja_JP',
          shareCode: 'ANA-1',
          referralCount: '3.0',
        },
        ...{
          referredBy: 'Ben@mail.example',
          confirmedAt: '2024-02-29',
          externalId: '7',
          company: 'Acme',
          status: 'Active',
        },
      }),
    ).toEqual({
      ...{ email: 'Ana@mail.example', emailKey: 'ana@mail.example', abuseKey: 'ana@mail.example', firstName: '=Ana' },
      ...{ locale: 'ja', shareCode: 'ana-1', referralCount: 3, referredBy: 'Ben@mail.example' },
      ...{ referredByKey: 'ben@mail.example', confirmedAt: new Date('2024-02-29'), createdAt: null, externalId: '7' },
      ...{ attributes: { company: 'Acme' }, verdict: null, message: null },
    });
  });

  test.each([
    [{ email: 'nobody' }, 'invalid_email'],
    [{ email: 'a\u0000@mail.example' }, 'invalid_email'],
    [{ email: 'a@mail.example', firstName: 'A\u0000' }, 'invalid_firstName'],
    [{ email: 'a@mail.example', firstName: 'x'.repeat(201) }, 'invalid_firstName'],
    [{ email: 'a@mail.example', locale: '12' }, 'invalid_locale'],
    [{ email: 'a@mail.example', shareCode: 'https://spark.example/r/1' }, 'invalid_shareCode'],
    [{ email: 'a@mail.example', referralCount: '-1' }, 'invalid_referralCount'],
    [{ email: 'a@mail.example', referralCount: '2.5' }, 'invalid_referralCount'],
    [{ email: 'a@mail.example', referralCount: '9999999' }, 'invalid_referralCount'],
    [{ email: 'a@mail.example', createdAt: '11/21/2024' }, 'invalid_createdAt'],
    [{ email: 'a@mail.example', confirmedAt: '2027-01-01' }, 'invalid_confirmedAt'],
    [{ email: 'a@mail.example', status: 'inactive' }, 'not_active'],
    [{ email: 'a@mail.example', locale: 'de' }, null],
  ])('%j is %s', (row, verdict) => {
    expect(read(row).verdict).toBe(verdict);
  });

  test('with too few or too many cells is refused, but for empty ones at the end', () => {
    expect(read({ email: '', firstName: '' }, ['a@mail.example']).verdict).toBe('invalid_columns');
    expect(read({ email: '', firstName: '' }, ['a@mail.example', 'A', 'b']).verdict).toBe('invalid_columns');
    expect(read({ email: '', firstName: '' }, ['a@mail.example', 'A', '', ' ']).verdict).toBeNull();
  });

  test('that is refused keeps no more of the cell than an address could have, and nothing that cannot be stored', () => {
    const { email } = read({ email: `${'x'.repeat(319)}😀\u0000` });
    expect(email).toHaveLength(320);
    expect(email.endsWith('\uFFFD')).toBe(true);
  });
});

describe('a date', () => {
  test.each([
    ['2024-05-01', '2024-05-01T00:00:00.000Z'],
    ['2024-05-01 10:11:12', '2024-05-01T10:11:12.000Z'],
    ['2024-05-01T10:11:12.345+09:00', '2024-05-01T01:11:12.000Z'],
    ['2024-05-01 10:11:12 UTC', '2024-05-01T10:11:12.000Z'],
    ['1714558272', '2024-05-01T10:11:12.000Z'],
    ['1714558272000', '2024-05-01T10:11:12.000Z'],
    ['01/05/2024 10:11', '2024-05-01T10:11:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(parseImportDate(text, true)?.toISOString()).toBe(expected);
  });

  test.each(['2024-02-30', '2024-13-01', '2024-05-01T25:00:00Z', '1970-01-01', 'yesterday', '5/1/24'])(
    '%s is none',
    (text) => {
      expect(parseImportDate(text, true)).toBeNull();
    },
  );

  test('with slashes is read only where the file is known to write the day first', () => {
    expect(parseImportDate('01/05/2024', false)).toBeNull();
    expect(read({ email: 'a@mail.example', 'Registration Date': '01/05/2024' }).createdAt).toEqual(
      new Date('2024-05-01'),
    );
  });
});

test.each([
  ['new, nothing else counts', 5, 0, null, true, 5],
  ['new, rows of the file count', 5, 2, null, true, 3],
  ['new, more rows than the total', 1, 3, null, true, -2],
  ['known, fewer here', 5, 2, null, false, 3],
  ['known, more here', 5, 7, null, false, 0],
  ['the same file again', 5, 5, 5, false, 0],
  ['the same file after one was taken back', 5, 4, 5, false, 0],
  ['our own export after two more', 7, 7, 5, false, 0],
  ['a newer file', 8, 6, 5, false, 2],
])('the adjustment of a reader: %s', (_, told, counted, before, isNew, expected) => {
  expect(adjustment(told, counted, before, isNew)).toBe(expected);
});

test.each([
  ['one of an old total is named', 3, 3, 1, 1, 3, 1],
  ['more than it had are named', 3, 3, 5, 5, 3, 3],
  ['the total has grown by who is named', 4, 3, 1, 1, 3, 0],
  ['it has grown by fewer', 5, 3, 3, 3, 3, 1],
  ['the first batch used the room', 5, 3, 4, 2, 3, 2],
  ['the first batch used some of it', 6, 3, 4, 2, 3, 1],
  ['a total that is lower than it was', 1, 3, 1, 1, 3, 1],
  ['nothing is left of what was added', 3, 3, 4, 1, 0, 0],
])('names that earlier totals had: %s', (_, told, before, named, inBatch, added, expected) => {
  expect(coveredByTotals(told, before, named, inBatch, added)).toBe(expected);
});

test('verdicts sum up to imported, skipped and failed', () => {
  const one = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 1]));
  const { imported, skipped, failed } = sumUp(one);
  expect(imported + skipped + failed).toBe(VERDICTS.length);
  expect([imported, skipped]).toEqual([6, 5]);
});
