import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyCeilings, type Ceiled } from './ceilings.js';

const at = (day: string) => new Date(`${day}T12:00:00Z`);

describe('what was given under a ceiling', () => {
  test('is used in its own month, and the excess in the following ones', () => {
    const given = [
      { quantity: 100, at: at('2026-11-03'), ceiling: 100 },
      { quantity: 100, at: at('2026-11-20'), ceiling: 100 },
      { quantity: 50, at: at('2026-12-24'), ceiling: 100 },
    ];
    expect(applyCeilings(given, 'month', 'UTC')).toEqual([
      { applied: [{ period: '2026-11', quantity: 100 }], left: 0 },
      { applied: [{ period: '2026-12', quantity: 100 }], left: 0 },
      { applied: [{ period: '2027-01', quantity: 50 }], left: 0 },
    ]);
  });

  test('is parted between months where the first has room for some of it', () => {
    const given = [{ quantity: 250, at: at('2026-11-03'), ceiling: 100 }];
    expect(applyCeilings(given, 'month', 'UTC')[0]!.applied).toEqual([
      { period: '2026-11', quantity: 100 },
      { period: '2026-12', quantity: 100 },
      { period: '2027-01', quantity: 50 },
    ]);
  });

  test('is of the month that the clocks of the zone show', () => {
    const given = [{ quantity: 10, at: new Date('2026-10-31T23:30:00Z'), ceiling: 100 }];
    const period = (timezone: string) => applyCeilings(given, 'month', timezone)[0]!.applied[0]!.period;
    expect([period('UTC'), period('Asia/Tokyo')]).toEqual(['2026-10', '2026-11']);
  });

  test('stays unused beyond a ceiling for ever, and under one of 0', () => {
    const ever = applyCeilings([{ quantity: 70, at: at('2026-11-03'), ceiling: 60 }], 'ever', 'UTC');
    expect(ever).toEqual([{ applied: [{ period: 'ever', quantity: 60 }], left: 10 }]);
    const nothing = applyCeilings([{ quantity: 70, at: at('2026-11-03'), ceiling: 0 }], 'year', 'UTC');
    expect(nothing).toEqual([{ applied: [], left: 70 }]);
  });
});

const PERS = ['month', 'year', 'ever'] as const;
const given = fc
  .array(
    fc.record<Ceiled>({
      quantity: fc.integer({ min: 1, max: 5_000 }),
      at: fc.date({ min: at('2024-01-01'), max: at('2030-01-01'), noInvalidDate: true }),
      ceiling: fc.oneof(fc.constant(100), fc.integer({ min: 0, max: 1_000 })),
    }),
    { maxLength: 25 },
  )
  .map((entries) => entries.sort((a, b) => a.at.getTime() - b.at.getTime()));

describe('whatever is given', { timeout: 60_000 }, () => {
  const everyWay = (check: (entries: Ceiled[], per: (typeof PERS)[number]) => void) =>
    fc.assert(fc.property(given, fc.constantFrom(...PERS), check), { numRuns: 2_000 });

  test('nothing of it is lost and nothing is added', () => {
    everyWay((entries, per) => {
      for (const [n, { applied, left }] of applyCeilings(entries, per, 'Europe/London').entries()) {
        expect(applied.reduce((sum, { quantity }) => sum + quantity, left)).toBe(entries[n]!.quantity);
        expect(left).toBeGreaterThanOrEqual(0);
      }
    });
  });

  test('no period holds more than the ceiling of what was put into it last', () => {
    everyWay((entries, per) => {
      const used = new Map<string, number>();
      for (const [n, { applied }] of applyCeilings(entries, per, 'Europe/London').entries()) {
        for (const { period, quantity } of applied) {
          used.set(period, (used.get(period) ?? 0) + quantity);
          expect(used.get(period)).toBeLessThanOrEqual(entries[n]!.ceiling);
        }
      }
    });
  });

  test('what comes later moves nothing that was there, and the same gives the same', () => {
    everyWay((entries, per) => {
      const all = applyCeilings(entries, per, 'Asia/Tokyo');
      expect(applyCeilings(entries.slice(0, -1), per, 'Asia/Tokyo')).toEqual(all.slice(0, -1));
      expect(applyCeilings(entries, per, 'Asia/Tokyo')).toEqual(all);
    });
  });

  test('nothing is used before it was given', () => {
    everyWay((entries, per) => {
      for (const [n, { applied }] of applyCeilings(entries, per, 'UTC').entries()) {
        const own = entries[n]!.at.toISOString();
        for (const { period } of applied) {
          if (period !== 'ever') expect(period >= own.slice(0, period.length)).toBe(true);
        }
      }
    });
  });
});
