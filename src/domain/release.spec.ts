import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localTime } from './local-time.js';
import { cronProblem, nextSlot, releaseAt } from './release.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const next = (from: string, cron: string, timezone: string) => nextSlot(new Date(from), cron, timezone).toISOString();
const scheduled = (cron: string, timezone: string) => ({ when: 'scheduled', cron, timezone }) as const;

describe('releaseAt', () => {
  const now = new Date('2026-04-01T10:30:00.000Z'); // a Wednesday
  it.each([
    ['at once', 0, { when: 'immediate' } as const, '2026-04-01T10:30:00.000Z'],
    ['after 14 days', 14, { when: 'immediate' } as const, '2026-04-15T10:30:00.000Z'],
    ['at the next slot', 0, scheduled('0 9 * * 1', 'Asia/Tokyo'), '2026-04-06T00:00:00.000Z'],
    ['at the first slot after the hold', 14, scheduled('0 9 * * 1', 'Asia/Tokyo'), '2026-04-20T00:00:00.000Z'],
    ['at the slot that the hold ends on', 7, scheduled('30 10 * * *', 'UTC'), '2026-04-08T10:30:00.000Z'],
    ['a minute too late for today', 0, scheduled('29 10 * * *', 'UTC'), '2026-04-02T10:29:00.000Z'],
  ])('%s', (_, holdDays, delivery, expected) => {
    expect(releaseAt(now, holdDays, delivery).toISOString()).toBe(expected);
  });

  it('holds for days of 24 hours, over a change of the clock too', () => {
    expect(releaseAt(new Date('2026-03-07T12:00:00Z'), 1, { when: 'immediate' }).toISOString()).toBe(
      '2026-03-08T12:00:00.000Z',
    );
  });
});

describe('nextSlot', () => {
  it.each([
    ['exactly on a slot', '2026-04-06T00:00:00.000Z', '0 9 * * 1', 'Asia/Tokyo', '2026-04-06T00:00:00.000Z'],
    ['1 ms behind it', '2026-04-06T00:00:00.001Z', '0 9 * * 1', 'Asia/Tokyo', '2026-04-13T00:00:00.000Z'],
    ['1 ms before it', '2026-04-05T23:59:59.999Z', '0 9 * * 1', 'Asia/Tokyo', '2026-04-06T00:00:00.000Z'],
    ['names', '2026-04-01T00:00:00.000Z', '0 9 * APR,JUN MON-TUE', 'UTC', '2026-04-06T09:00:00.000Z'],
    ['every minute', '2026-04-01T00:00:30.000Z', '* * * * *', 'Asia/Tokyo', '2026-04-01T00:01:00.000Z'],
    ['first Monday', '2026-04-07T00:00:00.000Z', '0 9 * * MON#1', 'UTC', '2026-05-04T09:00:00.000Z'],

    ['31 in February is its last day', '2026-02-01T00:00:00.000Z', '0 9 31 * *', 'UTC', '2026-02-28T09:00:00.000Z'],
    ['31 in April is the 30th', '2026-04-01T00:00:00.000Z', '0 9 31 * *', 'UTC', '2026-04-30T09:00:00.000Z'],
    ['31 in May is the 31st', '2026-05-01T00:00:00.000Z', '0 9 31 * *', 'UTC', '2026-05-31T09:00:00.000Z'],
    ['31 of April alone', '2026-05-01T00:00:00.000Z', '0 9 31 4 *', 'UTC', '2027-04-30T09:00:00.000Z'],
    ['30 in February is its last day', '2026-02-01T00:00:00.000Z', '0 9 30 * *', 'UTC', '2026-02-28T09:00:00.000Z'],
    ['30 in May is the 30th', '2026-05-01T00:00:00.000Z', '0 9 30 * *', 'UTC', '2026-05-30T09:00:00.000Z'],
    ['30 where February is not meant', '2026-02-01T00:00:00.000Z', '0 9 30 3-12 *', 'UTC', '2026-03-30T09:00:00.000Z'],
    ['29 in a leap year', '2028-02-01T00:00:00.000Z', '0 9 29 * *', 'UTC', '2028-02-29T09:00:00.000Z'],
    ['29 in another', '2026-02-01T00:00:00.000Z', '0 9 29 FEB *', 'UTC', '2026-02-28T09:00:00.000Z'],
    ['30 beside another day', '2026-02-16T00:00:00.000Z', '0 9 15,30 * *', 'UTC', '2026-02-28T09:00:00.000Z'],
    ['31 or a Monday, as cron says', '2026-02-24T00:00:00.000Z', '0 9 31 * 1', 'UTC', '2026-02-28T09:00:00.000Z'],

    [
      'in a gap: the first moment after it',
      '2026-03-08T00:00:00.000Z',
      '30 2 * * *',
      'America/New_York',
      '2026-03-08T07:00:00.000Z',
    ],
    [
      'in a gap, one of a list (croner drops it)',
      '2026-03-08T00:00:00.000Z',
      '30 2,14 * * *',
      'America/New_York',
      '2026-03-08T07:00:00.000Z',
    ],
    [
      'in a gap that ends tomorrow (croner drops it)',
      '2026-03-28T12:00:00.000Z',
      '30 23 * * *',
      'America/Nuuk',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'asked at the very end of the gap',
      '2026-03-08T07:00:00.000Z',
      '30 2 * * *',
      'America/New_York',
      '2026-03-08T07:00:00.000Z',
    ],
    ['asked just behind it', '2026-03-08T07:00:00.001Z', '30 2 * * *', 'America/New_York', '2026-03-09T06:30:00.000Z'],
    [
      'a repeated time: the first',
      '2026-11-01T00:00:00.000Z',
      '30 1 * * *',
      'America/New_York',
      '2026-11-01T05:30:00.000Z',
    ],
    ['asked between the two', '2026-11-01T05:30:00.001Z', '30 1 * * *', 'America/New_York', '2026-11-02T06:30:00.000Z'],
    [
      'asked between the two, one of a list (croner runs twice)',
      '2026-11-01T05:30:00.001Z',
      '30 1,3 * * *',
      'America/New_York',
      '2026-11-01T08:30:00.000Z',
    ],
    [
      'asked in the second pass',
      '2026-11-01T06:10:00.000Z',
      '* * * * *',
      'America/New_York',
      '2026-11-01T07:00:00.000Z',
    ],
  ])('%s', (_, from, cron, timezone, expected) => {
    expect(next(from, cron, timezone)).toBe(expected);
  });

  // Each at a time that the zone skips or repeats, where it changes its clock at all.
  it.each([
    ['UTC', 2, 30],
    ['Asia/Tokyo', 9, 0],
    ['America/New_York', 2, 30],
    ['America/New_York', 1, 30],
    ['Europe/London', 1, 15],
    ['Europe/Berlin', 2, 0],
    ['Australia/Lord_Howe', 2, 15],
    ['Australia/Lord_Howe', 1, 45],
    ['America/Nuuk', 23, 30],
    ['Africa/Cairo', 0, 30],
    ['Africa/Casablanca', 2, 30],
    ['America/Santiago', 0, 0],
    ['Pacific/Chatham', 2, 50],
    ['Asia/Kathmandu', 5, 45],
  ])(
    '%s at %i:%i: every day of four years exactly once',
    (timezone, hour, minute) => {
      const days = 1461;
      let slot = nextSlot(new Date('2024-01-01T12:00:00Z'), `${minute} ${hour} * * *`, timezone);
      const first = localTime(slot, timezone);
      let lateDays = 0;
      for (let day = 0; day < days; day++) {
        const late = localTime(slot, timezone) - (first + day * DAY);
        expect(late).toBeGreaterThanOrEqual(0);
        expect(late).toBeLessThanOrEqual(HOUR);
        if (late > 0) lateDays++;
        slot = nextSlot(new Date(slot.getTime() + 1), `${minute} ${hour} * * *`, timezone);
      }
      // One gap a year.
      expect(lateDays).toBeLessThanOrEqual(4);
    },
    20_000,
  );

  it('is never before what was asked, never moves by asking again, and nothing lies between', () => {
    const cron = fc.constantFrom('*/15 * * * *', '0 9 * * 1', '30 2 * * *', '30 1,2 * * *', '0 0 31 * *', '5 4 30 2 *');
    const zone = fc.constantFrom('Asia/Tokyo', 'America/New_York', 'Australia/Lord_Howe', 'America/Nuuk');
    const instant = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, fc.double({ min: 0, max: 1, noNaN: true }), cron, zone, (from, part, pattern, timezone) => {
        const slot = nextSlot(from, pattern, timezone).getTime();
        expect(slot).toBeGreaterThanOrEqual(from.getTime());
        const between = from.getTime() + Math.floor((slot - from.getTime()) * part);
        expect(nextSlot(new Date(between), pattern, timezone).getTime()).toBe(slot);
      }),
      { numRuns: 500 },
    );
  });

  it('throws what cronProblem would have told', () => {
    expect(() => next('2026-04-01T00:00:00Z', '61 * * * *', 'UTC')).toThrow('minute');
    expect(() => next('2026-04-01T00:00:00Z', '0 9 * * *', 'Nowhere/City')).toThrow(RangeError);
  });
});

describe('cronProblem', () => {
  it.each([
    ['0 9 * * 1', 'Asia/Tokyo'],
    ['*/15 8-18 * * MON-FRI', 'UTC'],
    ['0 9 L * *', 'UTC'],
    ['0 9 31 4 *', 'UTC'],
    ['0 9 30 2 *', 'UTC'],
    ['0 9 29 2 *', 'UTC'],
    [' 0  9 1,15 * * ', 'UTC'],
  ])('%j in %s is fine', (cron, timezone) => {
    expect(cronProblem(cron, timezone)).toBeNull();
  });

  it.each([
    ['', 'UTC', /five fields/],
    ['0 9 * *', 'UTC', /five fields/],
    ['0 0 9 * * 1', 'UTC', /five fields/],
    ['@daily', 'UTC', /five fields/],
    ['2026-01-01T00:00:00Z', 'UTC', /five fields/],
    ['? ? * * *', 'UTC', /five fields/],
    ['0 9 * * 月', 'UTC', /five fields/],
    ['60 9 * * 1', 'UTC', /minute/],
    ['0 24 * * 1', 'UTC', /hour/],
    ['0 9 32 * 1', 'UTC', /day/],
    ['0 9 1 13 1', 'UTC', /month/],
    ['0 9 30 13 1', 'UTC', /month/],
    ['a b c d e', 'UTC', /./],
    ['0 9 * * 1', 'Nowhere/City', /time zone/],
    ['0 9 * * 1', '+09:00', /time zone/],
    ['0 9 * * 1', '', /time zone/],
  ])('%j in %j is not', (cron, timezone, message) => {
    expect(cronProblem(cron, timezone)).toMatch(message);
  });
});
