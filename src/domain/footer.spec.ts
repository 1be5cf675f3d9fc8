import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawableText, type FooterRung, footerState, graphemesOf, longestFitting } from './footer.js';

const rung = (threshold: number, more: Partial<FooterRung> = {}): FooterRung => ({
  ...{ id: `m${threshold}`, name: `M${threshold}`, reward: `R${threshold}` },
  ...{ threshold, every: null, recipient: 'referrer' },
  ...more,
});
const LADDER = [rung(3), rung(10)];

describe('what a footer shows', () => {
  it.each([
    ['nobody yet', 0, LADDER, { kind: 'start', count: 0, goal: 3, remaining: 3, milestone: 'M3', reward: 'R3' }],
    ['some', 2, LADDER, { kind: 'underway', count: 2, goal: 3, remaining: 1, milestone: 'M3', reward: 'R3' }],
    ['between', 3, LADDER, { kind: 'underway', count: 3, goal: 10, remaining: 7, milestone: 'M10', reward: 'R10' }],
    ['the last reached', 10, LADDER, { kind: 'done', count: 10 }],
    ['more than all', 31, LADDER, { kind: 'done', count: 31 }],
    [
      'one that comes again',
      8,
      [rung(3, { every: 5 })],
      { kind: 'underway', count: 8, goal: 13, remaining: 5, milestone: 'M3', reward: 'R3' },
    ],
    ['no rewards, friends', 4, [], { kind: 'counted', count: 4 }],
    ['rewards for the friends alone', 4, [rung(1, { recipient: 'referred' })], { kind: 'counted', count: 4 }],
    ['no rewards, nobody yet', 0, [], { kind: 'invitation', count: 0 }],
    [
      'rewards for the friends alone, nobody yet',
      0,
      [rung(1, { recipient: 'referred' })],
      { kind: 'invitation', count: 0 },
    ],
  ] as const)('%s', (_, count, ladder, expected) => {
    expect(footerState({ isReader: true, count }, ladder)).toEqual(expected);
  });

  it('is nothing of their own for who has left, whatever they had', () => {
    for (const count of [0, 2, 31]) {
      expect(footerState({ isReader: false, count }, LADDER)).toEqual(footerState({ isReader: true, count: 0 }, []));
    }
  });
});

describe('a text cut to fit', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });

  it('is itself, or the longest beginning of whole graphemes that fits', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 60 }), (whole, room) => {
        const fits = (shown: string) => shown.length <= room;
        const shown = longestFitting(whole, fits);
        if (fits(whole)) {
          expect(shown).toBe(whole);
          return;
        }
        expect(fits(shown)).toBe(true);
        const all = graphemesOf(whole);
        const beginnings = all.map((_, i) => `${all.slice(0, i).join('').trimEnd()}…`);
        expect(beginnings).toContain(shown);
        expect(beginnings.filter(fits).every((other) => other.length <= shown.length)).toBe(true);
      }),
    );
  });

  it('never halves a family, a flag or a letter with its mark', () => {
    const room = (graphemes: number) => (shown: string) => graphemesOf(shown).length <= graphemes;
    expect(longestFitting('👩‍👩‍👧🇯🇵e\u0301x', room(3))).toBe('👩‍👩‍👧🇯🇵…');
    expect(longestFitting('e\u0301e\u0301e\u0301', room(2))).toBe('e\u0301…');
    expect(longestFitting('a bc', room(3))).toBe('a…');
    expect(longestFitting('abc', () => false)).toBe('…');
  });
});

describe('a text that fonts must draw', () => {
  const latin = (codePoint: number) => codePoint < 0x250;

  it.each([
    ['Guide', 'Guide'],
    ['🎁 Gift  & more', 'Gift & more'],
    ['Cafe\u0301', 'Café'],
    ['two\r\nlines\there', 'two lines here'],
    ['\u202egift\u202c \u2067x\u2069', 'gift x'],
    ['g\u00adi\u200bft\ufeff', 'gift'],
    ['مرحبا', null],
    ['Gift مرحبا', null],
    ['🎁', null],
    ['…!', null],
  ])('%j is drawn as %j', (text, drawn) => {
    expect(drawableText(text, latin)).toBe(drawn);
  });

  it('asks for no character that is not there, and draws nothing invisible', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const drawn = drawableText(text, latin) ?? '';
        expect(Array.from(drawn).every((character) => latin(character.codePointAt(0)!))).toBe(true);
        expect(drawn).not.toMatch(/\p{Cc}|\p{Cf}/u);
      }),
    );
  });
});
