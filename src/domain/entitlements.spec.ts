import { expect, test } from 'vitest';
import { entitlementsOf } from './entitlements.js';

const at = (day: string) => new Date(`${day}T09:30:00Z`);

test('an access lasts so many months, to the same day or the last of a shorter month', () => {
  const of = (day: string, months: number) => entitlementsOf([{ rewardId: 'a', at: at(day), months }])[0]!.until;
  expect(of('2026-11-21', 3)).toEqual(at('2027-02-21'));
  expect(of('2026-11-30', 3)).toEqual(at('2027-02-28'));
  expect(of('2027-01-31', 1)).toEqual(at('2027-02-28'));
  expect(of('2028-02-29', 12)).toEqual(at('2029-02-28'));
});

test('accesses of one reward follow each other, those of others run beside it', () => {
  const given = [
    { rewardId: 'a', at: at('2026-01-10'), months: 3 },
    { rewardId: 'b', at: at('2026-02-10'), months: 1 },
    { rewardId: 'a', at: at('2026-02-10'), months: 3 },
    { rewardId: 'a', at: at('2027-02-10'), months: 1 },
  ];
  expect(entitlementsOf(given)).toEqual([
    { from: at('2026-01-10'), until: at('2026-04-10') },
    { from: at('2026-02-10'), until: at('2026-03-10') },
    { from: at('2026-04-10'), until: at('2026-07-10') },
    { from: at('2027-02-10'), until: at('2027-03-10') },
  ]);
});

test('one for good ends all counting', () => {
  const given = [
    { rewardId: 'a', at: at('2026-01-10'), months: null },
    { rewardId: 'a', at: at('2026-02-10'), months: 3 },
  ];
  expect(entitlementsOf(given).map(({ until }) => until)).toEqual([null, null]);
});
