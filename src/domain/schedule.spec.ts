import { describe, expect, it } from 'vitest';
import { dueSlot } from './schedule.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** The day that a run was for: a time in a gap that ends on the next day moves there. */
function dayOf(runKey: string, hour: number, minute: number): string {
  return new Date(Date.parse(`${runKey}Z`) - hour * HOUR - minute * 60_000).toISOString().slice(0, 10);
}

describe('a daily schedule', () => {
  // Each at a time that the zone skips or repeats, where it changes its clock at all.
  it.each([
    ['UTC', 4, 10],
    ['Asia/Tokyo', 9, 0],
    ['America/New_York', 2, 30],
    ['Europe/London', 1, 15],
    ['Europe/Berlin', 2, 0],
    ['Australia/Lord_Howe', 2, 15],
    ['Australia/Lord_Howe', 1, 45],
    ['America/Nuuk', 23, 30],
    ['Africa/Cairo', 0, 30],
    ['Africa/Casablanca', 2, 30],
    ['America/Santiago', 0, 0],
    ['Pacific/Apia', 23, 59],
  ])('in %s at %i:%i runs each local day of four years once, however it is ticked', (timezone, hour, minute) => {
    const schedule = { cron: `${minute} ${hour} * * *`, timezone };
    const runs = new Set<string>();
    // Never more than 24 h apart, and at another time of the day each time.
    for (let now = Date.UTC(2023, 11, 30); now < Date.UTC(2028, 0, 3); now += 17.3 * HOUR) {
      const slot = dueSlot(new Date(now), schedule);
      // Null in the last hour of a day of 25 hours: that slot is missed by 24 h.
      if (slot !== null) runs.add(slot.runKey);
      // The clock is put back: whatever is due then was run.
      const again = dueSlot(new Date(now - HOUR), schedule);
      if (runs.size > 2 && again !== null) expect(runs).toContain(again.runKey);
    }
    const days = [...runs].map((runKey) => dayOf(runKey, hour, minute)).filter((day) => /^202[4-7]/.test(day));
    const wanted = Array.from({ length: 1461 }, (_, n) =>
      new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10),
    );
    expect(days).toEqual(wanted);
  });

  it('runs the day that Apia left out at its first moment, and the next one at its own', () => {
    const schedule = { cron: '0 12 * * *', timezone: 'Pacific/Apia' };
    const at = (now: string) => dueSlot(new Date(now), schedule)?.runKey;
    expect(at('2011-12-30T09:59:59Z')).toBe('2011-12-29T12:00');
    expect(at('2011-12-30T10:00:00Z')).toBe('2011-12-31T00:00');
    expect(at('2011-12-30T22:00:00Z')).toBe('2011-12-31T12:00');
  });
});

describe('a slot', () => {
  const weekly = { cron: '0 9 * * 1', timezone: 'Europe/Berlin' };
  const monday = Date.parse('2026-11-23T08:00:00Z');

  it.each([
    ['a moment before', -1, null],
    ['at it', 0, '2026-11-23T09:00'],
    ['missed by less than 24 h', DAY - 1, '2026-11-23T09:00'],
    ['missed by 24 h', DAY, null],
  ])('is due or not: %s', (_, late, runKey) => {
    expect(dueSlot(new Date(monday + late), weekly)?.runKey ?? null).toBe(runKey);
  });

  it('that was missed is run once for all that were missed', () => {
    const hourly = { cron: '0 * * * *', timezone: 'UTC' };
    expect(dueSlot(new Date('2026-11-23T08:59:00Z'), hourly)).toEqual({
      at: new Date('2026-11-23T08:00:00Z'),
      runKey: '2026-11-23T08:00',
    });
  });

  it('of a repeated hour has one key', () => {
    const schedule = { cron: '30 1 * * *', timezone: 'America/New_York' };
    const keys = ['05:30', '06:29', '06:30', '07:30'].map(
      (at) => dueSlot(new Date(`2026-11-01T${at}:00Z`), schedule)?.runKey,
    );
    expect(new Set(keys)).toEqual(new Set(['2026-11-01T01:30']));
  });
});
