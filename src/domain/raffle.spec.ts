import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitmentTo, draw, listOfEntries, pseudonym, sha256 } from './raffle.js';

const SEED = 'ab'.repeat(32);
const ENTRIES = [
  ['e1', 'p1'],
  ['e2', 'p2'],
  ['e3', 'p1'],
  ['e4', 'p3'],
  ['e5', 'p4'],
  ['e6', 'p4'],
].map(([entry = '', person = '']) => ({ entry, person }));

describe('draw', () => {
  // Worked out apart, with Python's hashlib.
  it('is what anybody works out from the seed and the list', () => {
    expect(commitmentTo(SEED)).toBe('9a2db2e23f1504cd056606553ac049c5e718e8f9ce9233876df1a7a1821af885');
    expect(listOfEntries(ENTRIES)).toBe('1 e1 p1\n2 e2 p2\n3 e3 p1\n4 e4 p3\n5 e5 p4\n6 e6 p4\n');
    expect(sha256(listOfEntries(ENTRIES))).toBe('0c70ad7c86a657874debd8870c9766423667a2b58f517dbeca218fc8d158d23e');
    const winners = draw(SEED, ENTRIES, 3).map(({ number, position, entry }) => [number, position, entry.entry]);
    expect(winners).toEqual([
      [1, 3, 'e3'],
      [2, 4, 'e4'],
      [3, 2, 'e2'],
    ]);
  });

  it('gives every person one prize at most, and every prize while there are people', () => {
    const list = fc.array(fc.nat(20), { maxLength: 60 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), list, fc.nat(25), (seed, people, prizes) => {
        const entries = people.map((person, n) => ({ entry: `e${n}`, person: `p${person}` }));
        const hex = Buffer.from(seed).toString('hex');
        const winners = draw(hex, entries, prizes);
        const won = winners.map(({ entry }) => entry.person);
        expect(new Set(won).size).toBe(won.length);
        expect(won).toHaveLength(Math.min(prizes, new Set(people).size));
        for (const { position, entry } of winners) expect(entries[position - 1]).toEqual(entry);
        expect(draw(hex, entries, prizes)).toEqual(winners);
      }),
    );
  });

  it('depends on the list: an entry more and it is another draw', () => {
    const seeds = Array.from({ length: 200 }, (_, n) => sha256(`list ${n}`));
    const more = [...ENTRIES, { entry: 'e7', person: 'p5' }];
    const same = seeds.filter((seed) => draw(seed, ENTRIES, 1)[0]!.position === draw(seed, more, 1)[0]!.position);
    expect(same.length).toBeLessThan(100);
  });

  it('gives every entry the same chance, for the first and for the second prize', () => {
    const entries = Array.from({ length: 10 }, (_, n) => ({ entry: `e${n}`, person: `p${n}` }));
    const seeds = Array.from({ length: 5_000 }, (_, n) => sha256(`seed ${n}`));
    for (const prize of [0, 1]) {
      const hits = Array.from({ length: 10 }, () => 0);
      for (const seed of seeds) hits[draw(seed, entries, 2)[prize]!.position - 1]!++;
      const chiSquare = hits.reduce((sum, hit) => sum + (hit - 500) ** 2 / 500, 0);
      // 9 degrees of freedom: one in a thousand is above. The seeds are fixed, so it is so or not.
      expect(chiSquare).toBeLessThan(27.88);
    }
  });

  it('gives who has half of the entries half of the chance', () => {
    const entries = Array.from({ length: 6 }, (_, n) => ({ entry: `e${n}`, person: n < 3 ? 'much' : `p${n}` }));
    const seeds = Array.from({ length: 4_000 }, (_, n) => sha256(`much ${n}`));
    const won = seeds.filter((seed) => draw(seed, entries, 1)[0]!.entry.person === 'much').length;
    expect(Math.abs(won - 2_000)).toBeLessThan(3.3 * Math.sqrt(1_000));
  });
});

describe('a pseudonym', () => {
  it('is the same in one raffle and another in the next, and tells nothing of the id', () => {
    const id = '0193515c-7a2e-7000-8000-000000000001';
    expect(pseudonym('a', id)).toBe(pseudonym('a', id));
    expect(pseudonym('a', id)).not.toBe(pseudonym('b', id));
    expect(pseudonym('a', id)).toMatch(/^[0-9a-f]{20}$/);
  });
});
