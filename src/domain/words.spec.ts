import { describe, expect, test } from 'vitest';
import { plainWords } from './text.js';

describe('words of a reader', () => {
  test.each([
    ['  We are two people.  ', 'We are two people.'],
    ['one\r\ntwo\rthree', 'one\ntwo\nthree'],
    ['one\n\n\n\n\ntwo', 'one\n\ntwo'],
    ['a\tb \n c', 'a b\n c'],
    ['\u202Egnp.exe\u202C and \u200Bzero\uFEFF', 'gnp.exe and zero'],
    ['nul \u0000, bell \u0007, lone \uD800!', 'nul , bell , lone !'],
    ['👩‍💻 と 辻\u{E0100}さん、می‌خواهم', '👩‍💻 と 辻\u{E0100}さん、می‌خواهم'],
    ['see https://example.com', 'see https://example.com'],
  ])('%j are kept as %j', (raw, kept) => {
    expect(plainWords(raw, 500)).toEqual({ ok: true, words: kept });
  });

  test.each(['', '   \r\n\t ', '\u200B\u202E'])('%j are none', (raw) => {
    expect(plainWords(raw, 500)).toEqual({ ok: true, words: null });
  });

  test('may be 500 graphemes long, of whatever size, and not one more', () => {
    for (const grapheme of ['a', '👩‍💻', 'が']) {
      expect(plainWords(grapheme.repeat(500), 500)).toEqual({ ok: true, words: grapheme.repeat(500) });
      expect(plainWords(grapheme.repeat(501), 500)).toEqual({ ok: false });
    }
    expect(plainWords('a\u0301'.repeat(10_000), 500)).toEqual({ ok: false });
  });
});
