import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeShareCode, normaliseShareCode, SHARE_CODE_BYTES } from './share-code.js';

const bytes = fc.uint8Array({ minLength: SHARE_CODE_BYTES, maxLength: SHARE_CODE_BYTES });

describe('makeShareCode', () => {
  it('is 8 lower-case characters without vowels and look-alikes, and is its own stored form', () => {
    fc.assert(
      fc.property(bytes, (random) => {
        // What the function is allowed to give up on; never in practice.
        fc.pre(random.filter((byte) => byte < 252).length >= 8);
        const code = makeShareCode(random);
        expect(code).toMatch(/^[2-9b-hj-km-np-tv-z]{8}$/);
        expect(code).not.toMatch(/[aeiou01l]/);
        expect(normaliseShareCode(code)).toBe(code);
      }),
    );
  });

  it('gives each of its 28 symbols to the same number of byte values', () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 252; byte++) {
      const symbol = makeShareCode(new Uint8Array(8).fill(byte)).slice(0, 1);
      counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    }
    expect(counts.size).toBe(28);
    expect(new Set(counts.values())).toEqual(new Set([9]));
  });

  it('skips the bytes that would favour some symbols', () => {
    const plain = makeShareCode(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7));
    expect(makeShareCode(Uint8Array.of(255, 0, 1, 252, 2, 3, 253, 4, 254, 5, 6, 7))).toBe(plain);
  });

  it('refuses too few bytes instead of making a short code', () => {
    expect(() => makeShareCode(new Uint8Array(7))).toThrow(RangeError);
    expect(() => makeShareCode(new Uint8Array(16).fill(255))).toThrow(RangeError);
  });
});

describe('normaliseShareCode', () => {
  it.each([
    ['k7m2xqdz', 'k7m2xqdz'],
    ['K7M2XQDZ', 'k7m2xqdz'],
    ['Ana-Smith_9', 'ana-smith_9'],
    ['abc', 'abc'],
    ['ab', null],
    ['', null],
    ['x'.repeat(32), 'x'.repeat(32)],
    ['x'.repeat(33), null],
    ['ana.smith', null],
    [' ana', null],
    ['ana\n', null],
    ['ana\u0000', null],
    ['../admin', null],
    ['ana%20', null],
    // The Kelvin sign lower-cases to an ASCII k.
    ['\u212Aarl', null],
    ['ａｎａ', null],
  ])('%j is %j', (raw, code) => {
    expect(normaliseShareCode(raw)).toBe(code);
  });

  it('a code has one stored form, and that form is a code', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{3,32}$/), (raw) => {
        const code = normaliseShareCode(raw);
        expect(code).not.toBeNull();
        expect(normaliseShareCode(raw.toUpperCase())).toBe(code);
        expect(normaliseShareCode(code ?? '')).toBe(code);
      }),
    );
  });
});
