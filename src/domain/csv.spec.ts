import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, guardCell, unguardCell } from './csv.js';

const TRIGGERS = ['=', '+', '-', '@', '\t', '\r', '\n', '\u0000', '＝', '＋', '－', '＠'];
const cell = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom("'", '"', ',', 'a', ' ', ...TRIGGERS) }),
);

describe('guardCell', () => {
  it.each(TRIGGERS.map((trigger) => [trigger]))('%j at the start is guarded, alone and with more', (trigger) => {
    expect(guardCell(trigger)).toBe(`'${trigger}`);
    expect(guardCell(`${trigger}1+1`)).toBe(`'${trigger}1+1`);
    expect(guardCell(`a${trigger}`)).toBe(`a${trigger}`);
  });

  it.each([
    ['', ''],
    ['Ana', 'Ana'],
    ['a=b', 'a=b'],
    ["'tis", "'tis"],
    ["'", "'"],
    ["''", "''"],
    ['"=1"', '"=1"'],
    ["'=1", "''=1"],
    ["''=1", "'''=1"],
  ])('%j is %j', (value, guarded) => {
    expect(guardCell(value)).toBe(guarded);
  });
});

describe('unguardCell', () => {
  it.each([
    ["'=1", '=1'],
    ["''=1", "'=1"],
    ['=1', '=1'],
    ["'tis", "'tis"],
    ["'", "'"],
    ['', ''],
    ["'＝1", '＝1'],
    ["'\n", '\n'],
  ])('%j is %j', (value, plain) => {
    expect(unguardCell(value)).toBe(plain);
  });

  it('gives every text back', () => {
    fc.assert(
      fc.property(cell, (text) => unguardCell(guardCell(text)) === text),
      { numRuns: 2000 },
    );
  });

  it('two texts never share a guarded form', () => {
    fc.assert(
      fc.property(cell, cell, (a, b) => (guardCell(a) === guardCell(b)) === (a === b)),
      { numRuns: 2000 },
    );
  });

  it('nothing guarded starts like a formula', () => {
    fc.assert(fc.property(cell, (text) => !TRIGGERS.includes(guardCell(text).slice(0, 1))));
  });
});

describe('csvLine', () => {
  it.each<[(string | number | boolean | null)[], string]>([
    [[], '\r\n'],
    [[''], '""\r\n'],
    [[null, 'a'], '"","a"\r\n'],
    [['a,b', 'say "hi"', 'two\r\nlines'], '"a,b","say ""hi""","two\r\nlines"\r\n'],
    [['=1+1', '-3', -3, 0.5, true], '"\'=1+1","\'-3","-3","0.5","true"\r\n'],
    [['"=1"'], '"""=1"""\r\n'],
    [['山田'], '"山田"\r\n'],
  ])('%j', (cells, line) => {
    expect(csvLine(cells)).toBe(line);
  });

  it('is read back by the rules of RFC 4180', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (cells) => {
        const line = csvLine(cells);
        expect(line.endsWith('\r\n')).toBe(true);
        const fields = [...line.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/gs)].map((m) =>
          unguardCell((m[1] ?? '').replaceAll('""', '"')),
        );
        expect(fields).toEqual(cells);
      }),
    );
  });
});

const testData = process.env['TEST_DATA'];
describe.skipIf(!testData)(
  testData ? 'PayloadsAllTheThings' : 'PayloadsAllTheThings (skipped: TEST_DATA is not set)',
  () => {
    const payloads = testData
      ? (JSON.parse(readFileSync(join(testData, 'payloads', 'csv-injection.json'), 'utf8')) as string[])
      : [];

    it('has the payloads', () => {
      expect(payloads).toHaveLength(12);
    });

    it.each(payloads.map((payload) => [payload]))('%s is no formula any more', (payload) => {
      const text = guardCell(payload);
      // One of them starts with "DDE", which is text unless an = comes before it.
      expect(text).toMatch(/^(?:'|DDE )/);
      expect(unguardCell(text)).toBe(payload);
    });
  },
);
