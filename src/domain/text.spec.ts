import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayName, findTextProblem, textProblem } from './text.js';

const nul = '\u0000';

describe('textProblem', () => {
  it.each([
    ['', null],
    ['あ😀é', null],
    ['\t\n\u0001', null],
    ['\ufffd', null],
    [`a${nul}b`, 'nul'],
    ['a\ud800', 'ill_formed'],
    ['\udc00a', 'ill_formed'],
    ['\udc00\ud800', 'ill_formed'],
    ['😀\ud83d', 'ill_formed'],
  ])('%j: %s', (text, problem) => {
    expect(textProblem(text)).toBe(problem);
  });

  it('finds exactly what does not survive UTF-8', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            fc.constantFrom('\ud83d', '\ude00', 'a'),
            fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
          ),
        }),
        (text) => {
          const survives =
            new TextDecoder().decode(new TextEncoder().encode(text)) === text && !text.startsWith('\ufeff');
          fc.pre(!text.includes(nul) && !text.startsWith('\ufeff'));
          expect(textProblem(text) === null).toBe(survives);
        },
      ),
    );
  });
});

describe('findTextProblem', () => {
  it.each([
    [{ email: 'ana@loaf.example', attributes: { tags: ['a', 1, null, true] } }, null],
    [nul, { path: [], problem: 'nul' }],
    [{ attributes: { tags: ['a', `b${nul}`] } }, { path: ['attributes', 'tags', 1], problem: 'nul' }],
    [{ attributes: { 'a\ud800': 1 } }, { path: ['attributes', 'a\ud800'], problem: 'ill_formed' }],
    [[{ a: 1 }, { b: '\udfff' }], { path: [1, 'b'], problem: 'ill_formed' }],
    [
      { first: '\ud800', second: nul },
      { path: ['first'], problem: 'ill_formed' },
    ],
    [null, null],
    [undefined, null],
    [7, null],
  ])('%j', (value, expected) => {
    expect(findTextProblem(value)).toEqual(expected);
  });

  it('walks a body of 200,000 brackets', () => {
    let deep: unknown = nul;
    for (let i = 0; i < 200_000; i++) deep = [deep];
    expect(findTextProblem(deep)?.path).toHaveLength(200_000);
  });

  it('finds one bad text wherever it is put', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ noUnicodeString: true }),
        fc.array(fc.oneof(fc.constantFrom('a', 'b'), fc.constantFrom(0, 1)), { maxLength: 6 }),
        (filler, path) => {
          const value = path.reduceRight<unknown>(
            (inner, key) =>
              typeof key === 'number' ? [...new Array(key).fill(filler), inner] : { before: filler, [key]: inner },
            nul,
          );
          expect(findTextProblem(value)).toEqual({ path, problem: 'nul' });
        },
      ),
    );
  });
});

describe('displayName', () => {
  it.each([
    ['Ana', 'Ana'],
    ['  Ana  Smith ', 'Ana Smith'],
    ["O'Brien-Núñez", "O'Brien-Núñez"],
    ['J. R. R. Tolkien', 'J. R. R. Tolkien'],
    ['Dr.Who', 'Dr.Who'],
    ['St.John', 'St.John'],
    ['山田 太郎', '山田 太郎'],
    ['Ana (Tokyo)', 'Ana (Tokyo)'],
    ['Ana: baker', 'Ana: baker'],
    ['Ana 3rd', 'Ana 3rd'],
    ['Ana, PhD.', 'Ana, PhD.'],
    ['👩‍💻 Ana', '👩‍💻 Ana'],
    ['❤️', '❤️'],
    ['👩🏽‍🚀', '👩🏽‍🚀'],
    ['辻\u{E0100} 一郎', '辻\u{E0100} 一郎'],
    ['علی\u200cرضا', 'علی\u200cرضا'],
    ['ශ්\u200dරී', 'ශ්\u200dරී'],
    ['あ'.repeat(40), 'あ'.repeat(40)],
    ['あ'.repeat(41), 'あ'.repeat(40)],
    ['👩‍💻'.repeat(41), '👩‍💻'.repeat(40)],
    [`${'a'.repeat(39)} bcd`, 'a'.repeat(39)],
  ])('%j is shown as %j', (raw, shown) => {
    expect(displayName(raw)).toBe(shown);
  });

  it.each([
    ['nothing', ''],
    ['blanks', '  \u3000 '],
    ['only signs', '...!'],
    ['a blank braille cell', 'Ana\u2800'],
    ['a line break', 'Ana\nBcc: x'],
    ['a tab', 'Ana\tSmith'],
    ['NUL', 'Ana\u0000'],
    ['a lone surrogate', 'Ana\ud800'],
    ['a line separator', 'Ana\u2028x'],
    ['bidi override', 'Ana\u202egnp.exe'],
    ['bidi isolate', '\u2066Ana\u2069'],
    ['an Arabic letter mark', 'Ana\u061c'],
    ['zero-width space', 'An\u200ba'],
    ['a joiner between Latin letters', 'An\u200da'],
    ['a joiner at the end', '👩\u200d'],
    ['two joiners', '👩\u200d\u200d💻'],
    ['a byte order mark inside', 'An\ufeffa'],
    ['a soft hyphen', 'An\u00ada'],
    ['a Hangul filler', '\u3164'],
    ['tag characters', 'Ana\u{E0041}'],
    ['a variation selector behind a letter', 'A\ufe0fna'],
    ['private use', 'Ana\ue000'],
    ['a URL', 'https://evil.example'],
    ['a scheme', 'javascript:alert(1)'],
    ['mailto', 'mailto:x'],
    ['a domain', 'Win at evil.com now'],
    ['a domain with a path', 'bit.ly/x'],
    ['www', 'www.evil'],
    ['an address', 'ana@loaf.example'],
    ['a handle', '@ana'],
    ['an IP address', '192.0.2.1'],
    ['a full-width domain', 'ｅｖｉｌ．ｃｏｍ'],
    ['an ideographic dot', 'evil。com'],
    ['a one-dot leader', 'evil\u2024com'],
    ['an international domain', 'bücher.de'],
    ['a domain in brackets', '(evil.com)'],
    ['a domain with a comma', 'hi,evil.com!'],
    ['a domain with an ending dot', 'evil.com.'],
    ['a backslash', '\\\\evil'],
    ['a stack of marks', `a${'\u0301'.repeat(500)}`],
    ['a novel', 'a '.repeat(5000)],
  ])('%s: nothing is shown', (_, raw) => {
    expect(displayName(raw)).toBeNull();
  });

  it('what is shown is stable, short and on one line', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 80 })),
        (raw) => {
          const shown = displayName(raw);
          if (shown === null) return;
          expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b]|:\/\//u);
          expect([...new Intl.Segmenter().segment(shown)].length).toBeLessThanOrEqual(40);
          expect(displayName(shown)).toBe(shown);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
