import { Cron } from 'croner';
import { instantOf, isTimezone, localTime } from './local-time.js';

const DAY = 86_400_000;

export type Delivery = { when: 'immediate' } | { when: 'scheduled'; cron: string; timezone: string };

/**
 * When a reward goes out: after the hold, then at the next slot that is not before that. A slot exactly at the end of the
 * hold is taken.
 * @param holdDays days of 24 h
 * @throws Error when `cronProblem` would have found one
 */
export function releaseAt(now: Date, holdDays: number, delivery: Delivery): Date {
  const earliest = new Date(now.getTime() + holdDays * DAY);
  return delivery.when === 'immediate' ? earliest : nextSlot(earliest, delivery.cron, delivery.timezone);
}

/**
 * The first slot of a schedule that is not before an instant. A schedule is local time: each slot that the pattern names on
 * the calendar happens once, in a gap of the clock at the first moment after it, and of a repeated hour in the first.
 * Day 29, 30 or 31 of a shorter month is its last day.
 *
 * croner is asked for the calendar only (in UTC): with a zone it drops a slot in a gap that ends on the next day (Nuuk's
 * 23:30), and every slot in a gap of patterns with a list or step ("30 2,14 * * *"), and runs those twice in a repeated hour.
 *
 * @throws Error for a pattern or zone that `cronProblem` refuses
 */
export function nextSlot(earliest: Date, cron: string, timezone: string): Date {
  const calendars = calendarsOf(cron);
  // One ms before, so that slots which a gap ending right here swallowed are seen, and then a slot at `earliest` itself.
  let local = new Date(localTime(new Date(earliest.getTime() - 1), timezone));
  for (;;) {
    const slot = earliestOf(calendars.map((calendar) => calendar.nextRun(local)));
    if (slot === null) throw new Error(`The schedule "${cron}" has no slot`);
    const instant = instantOf(slot.getTime(), timezone);
    // Before it only inside the second pass of a repeated hour, whose slots happened in the first.
    if (instant >= earliest) return instant;
    local = slot;
  }
}

/**
 * What is wrong with a schedule, as one English sentence for an editor or API user; null when it is fine. Five fields
 * (minute, hour, day of month, month, day of week), with names, lists, ranges, steps, L, W and #; no seconds, no nicknames.
 */
export function cronProblem(cron: string, timezone: string): string | null {
  if (!isTimezone(timezone)) return 'The time zone is not known; it looks like Asia/Tokyo';
  try {
    // Any instant will do: the calendar repeats itself within 28 years, and croner looks further than that.
    nextSlot(new Date(0), cron, timezone);
    return null;
  } catch (error) {
    return (error as Error).message.replace(/^CronPattern: /, '');
  }
}

const MOST_CACHED = 200;
const cache = new Map<string, Cron[]>();

// Reading a pattern costs about 50 µs, and a program asks for its own at each grant.
function calendarsOf(cron: string): Cron[] {
  let calendars = cache.get(cron);
  if (!calendars) {
    calendars = withLastDays(cron).map(
      (pattern) => new Cron(pattern, { timezone: 'UTC', mode: '5-part', paused: true }),
    );
    if (cache.size >= MOST_CACHED) cache.clear();
    cache.set(cron, calendars);
  }
  return calendars;
}

/**
 * Patterns that together say what one pattern means when days 29 to 31 stand for the last day of a shorter month, which
 * cron leaves out. 31 is `L`; 29 and 30 fall short in February alone. Numbers in ranges and steps mean themselves.
 */
function withLastDays(cron: string): string[] {
  const fields = cron.trim().split(/\s+/);
  // croner would also take a date, a nickname, or five words of anything ("?" meaning now).
  if (fields.length !== 5 || !fields.every((field) => /^[0-9A-Za-z*,/#-]+$/.test(field))) {
    throw new Error('A schedule has five fields: minute, hour, day of month, month, day of week');
  }
  const [minute = '', hour = '', days = '', months = '', weekdays = ''] = fields;
  const list = days.split(',');
  const patterns = [
    [minute, hour, list.map((day) => (day === '31' ? 'L' : day)).join(','), months, weekdays].join(' '),
  ];
  if (list.some((day) => day === '29' || day === '30') && namesFebruary(months)) {
    patterns.push([minute, hour, 'L', '2', weekdays].join(' '));
  }
  return patterns;
}

function namesFebruary(months: string): boolean {
  return new Cron(`0 0 1 ${months} *`, { timezone: 'UTC', mode: '5-part', paused: true }).match(
    new Date(Date.UTC(2023, 1, 1)),
  );
}

function earliestOf(dates: (Date | null)[]): Date | null {
  return dates.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null);
}
