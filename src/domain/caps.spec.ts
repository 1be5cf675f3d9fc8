import { describe, expect, it } from 'vitest';
import { type Cap, monthOf, Places } from './caps.js';

describe('monthOf', () => {
  it.each([
    ['2026-12-31T23:59:59.999Z', 'UTC', '2026-12'],
    ['2027-01-01T00:00:00Z', 'UTC', '2027-01'],
    ['2026-12-31T15:00:00Z', 'Asia/Tokyo', '2027-01'],
    ['2026-12-31T14:59:59Z', 'Asia/Tokyo', '2026-12'],
    ['2027-01-01T04:59:59Z', 'America/New_York', '2026-12'],
    ['2027-01-01T05:00:00Z', 'America/New_York', '2027-01'],
    ['2026-12-31T09:59:59Z', 'Pacific/Kiritimati', '2026-12'],
    ['2026-12-31T10:00:00Z', 'Pacific/Kiritimati', '2027-01'],
  ])('%s in %s is %s', (at, timezone, month) => {
    expect(monthOf(new Date(at), timezone)).toBe(month);
  });
});

describe('Places', () => {
  const rewarded = [
    { month: '2026-11', count: 2 },
    { month: '2026-12', count: 1 },
    { month: '2025-11', count: 3 },
  ];

  it.each<[Cap | null, month: string, left: number]>([
    [{ count: 2, per: 'month' }, '2026-11', 0],
    [{ count: 2, per: 'month' }, '2026-12', 1],
    [{ count: 2, per: 'month' }, '2027-01', 2],
    [{ count: 4, per: 'year' }, '2026-12', 1],
    [{ count: 4, per: 'year' }, '2025-01', 1],
    [{ count: 4, per: 'year' }, '2027-01', 4],
    [{ count: 7, per: 'ever' }, '2027-01', 1],
    [{ count: 5, per: 'ever' }, '2027-01', 0],
    [null, '2026-11', 9],
  ])('%j in %s has %i left of nine asked for', (cap, month, left) => {
    const places = new Places(cap, rewarded);
    const got = Array.from({ length: 9 }, () => places.take(month));
    expect(got).toEqual(Array.from({ length: 9 }, (_, n) => n < left));
  });
});
