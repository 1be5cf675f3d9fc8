import { describe, expect, it } from 'vitest';
import { daysRound, monthRound, roundAfter } from './contest.js';

const times = ({ key, startsAt, endsAt }: ReturnType<typeof monthRound>) => [
  key,
  startsAt.toISOString(),
  endsAt.toISOString(),
];

describe('rounds', () => {
  it.each([
    ['UTC', '2026-11-30T23:59:59.999Z', ['2026-11', '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z']],
    ['Asia/Tokyo', '2026-11-30T15:00:00Z', ['2026-12', '2026-11-30T15:00:00.000Z', '2026-12-31T15:00:00.000Z']],
    ['America/New_York', '2026-11-15T00:00:00Z', ['2026-11', '2026-11-01T04:00:00.000Z', '2026-12-01T05:00:00.000Z']],
  ])('are months of the zone %s', (timezone, at, round) => {
    expect(times(monthRound(new Date(at), timezone))).toEqual(round);
  });

  it('follow each other without a gap, over the years', () => {
    let round = monthRound(new Date('2026-11-15T00:00:00Z'), 'America/Santiago');
    for (let n = 0; n < 48; n++) {
      const next = roundAfter(round, 'America/Santiago');
      expect(next.startsAt).toEqual(round.endsAt);
      expect(times(next)).toEqual(times(monthRound(next.startsAt, 'America/Santiago')));
      round = next;
    }
    expect(round.key).toBe('2030-11');
  });

  it('neither overlap nor leave a gap when the publication moves to another zone', () => {
    const tokyo = monthRound(new Date('2026-11-15T00:00:00Z'), 'Asia/Tokyo');
    expect(times(roundAfter(tokyo, 'America/New_York'))).toEqual([
      '2026-12',
      '2026-11-30T15:00:00.000Z',
      '2027-01-01T05:00:00.000Z',
    ]);
  });

  it('of days have the last one in them, also where it is 25 hours long', () => {
    expect(times(daysRound({ from: '2026-10-25', to: '2026-10-25' }, 'Europe/Berlin'))).toEqual([
      '2026-10-25/2026-10-25',
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ]);
  });
});
