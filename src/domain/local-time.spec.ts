import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, isTimezone, localTime } from './local-time.js';

const zones = [
  'UTC',
  'Asia/Tokyo',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'America/Nuuk',
  'Africa/Cairo',
  'America/Santiago',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'Pacific/Apia',
];
const local = (text: string) => Date.parse(`${text}Z`);

describe('instantOf', () => {
  it.each([
    ['plain', 'Asia/Tokyo', '2026-04-01T09:00', '2026-04-01T00:00:00.000Z'],
    ['half hours', 'Asia/Kathmandu', '2026-04-01T09:00', '2026-04-01T03:15:00.000Z'],
    ['before the gap', 'America/New_York', '2026-03-08T01:59', '2026-03-08T06:59:00.000Z'],
    ['the gap starts', 'America/New_York', '2026-03-08T02:00', '2026-03-08T07:00:00.000Z'],
    ['in the gap', 'America/New_York', '2026-03-08T02:30', '2026-03-08T07:00:00.000Z'],
    ['behind the gap', 'America/New_York', '2026-03-08T03:00', '2026-03-08T07:00:00.000Z'],
    ['the hour that is repeated: its first time', 'America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00.000Z'],
    ['behind it', 'America/New_York', '2026-11-01T02:00', '2026-11-01T07:00:00.000Z'],
    ['a gap of half an hour', 'Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30:00.000Z'],
    ['half an hour repeated', 'Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00.000Z'],
    ['a gap that ends at midnight', 'America/Nuuk', '2026-03-28T23:30', '2026-03-29T01:00:00.000Z'],
    ['a gap that starts at midnight', 'Africa/Cairo', '2026-04-24T00:30', '2026-04-23T22:00:00.000Z'],
    ['a gap of a whole day', 'Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00:00.000Z'],
    ['before 1970', 'America/New_York', '1969-07-01T00:00', '1969-07-01T04:00:00.000Z'],
  ])('%s: %s %s', (_, timezone, at, expected) => {
    expect(instantOf(local(at), timezone).toISOString()).toBe(expected);
  });

  const instant = fc.date({ min: new Date('2011-01-01'), max: new Date('2037-01-01'), noInvalidDate: true });
  const zone = fc.constantFrom(...zones);

  it('shows the same time again, at the instant or at an earlier pass of it', () => {
    fc.assert(
      fc.property(instant, zone, (at, timezone) => {
        const shown = localTime(at, timezone);
        const back = instantOf(shown, timezone);
        expect(localTime(back, timezone)).toBe(shown);
        expect(back.getTime()).toBeLessThanOrEqual(at.getTime());
        expect(at.getTime() - back.getTime()).toBeLessThanOrEqual(3_600_000);
      }),
      { numRuns: 500 },
    );
  });

  it('never goes back as the clock goes on', () => {
    fc.assert(
      fc.property(instant, fc.nat(7_200_000), zone, (at, step, timezone) => {
        const shown = localTime(at, timezone);
        expect(instantOf(shown + step, timezone).getTime()).toBeGreaterThanOrEqual(
          instantOf(shown, timezone).getTime(),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('localTime', () => {
  it.each([
    ['2026-01-01T00:00:00.000Z', 'Asia/Tokyo', '2026-01-01T09:00:00.000Z'],
    ['2026-01-01T04:59:59.999Z', 'America/New_York', '2025-12-31T23:59:59.999Z'],
    ['2026-11-01T06:30:00.000Z', 'America/New_York', '2026-11-01T01:30:00.000Z'],
    ['1969-12-31T23:59:59.500Z', 'UTC', '1969-12-31T23:59:59.500Z'],
  ])('%s in %s', (at, timezone, shown) => {
    expect(new Date(localTime(new Date(at), timezone)).toISOString()).toBe(shown);
  });
});

describe('isTimezone', () => {
  it.each([
    ['Asia/Tokyo', true],
    ['UTC', true],
    ['Nowhere/City', false],
    ['', false],
    ['+09:00', false],
    ['Asia/Tokyo\u0000', false],
    ['Asia', false],
  ])('%j: %s', (timezone, known) => {
    expect(isTimezone(timezone)).toBe(known);
  });
});
