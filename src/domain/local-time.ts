const DAY = 86_400_000;

/**
 * A wall clock's reading as a number: the ms of that date and time taken as if it were UTC. Never an instant; it is what a
 * calendar and a cron pattern are about.
 */
export type LocalMs = number;

const formats = new Map<string, Intl.DateTimeFormat>();

// Making a format costs about 50 µs, using one about 1 µs; there are some 600 zones.
function formatOf(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timezone, format);
  }
  return format;
}

/** Whether this is an IANA time zone that the machine knows. Offsets ("+09:00") are none: they have no summer. */
export function isTimezone(timezone: string): boolean {
  if (!/^[A-Za-z]/.test(timezone)) return false;
  try {
    formatOf(timezone);
    return true;
  } catch {
    return false;
  }
}

/** What the clocks of a zone show at an instant. @throws RangeError for an unknown zone */
export function localTime(instant: Date, timezone: string): LocalMs {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(timezone).formatToParts(instant)) part[type] = Number(value);
  const ms = ((instant.getTime() % 1000) + 1000) % 1000;
  return Date.UTC(
    part['year'] ?? 0,
    (part['month'] ?? 1) - 1,
    part['day'],
    part['hour'],
    part['minute'],
    part['second'],
    ms,
  );
}

function offsetAt(instant: number, timezone: string): number {
  return localTime(new Date(instant), timezone) - instant;
}

/**
 * The instant at which the clocks of a zone show a time. A time that occurs twice is meant the first time; one that is
 * skipped is meant at the first moment after the gap (hazards, "Time"). Never decreasing in `local`.
 * Right as long as a zone changes its clock at most once in two days, which all do.
 * @throws RangeError for an unknown zone
 */
export function instantOf(local: LocalMs, timezone: string): Date {
  const offsetBefore = offsetAt(local - DAY, timezone);
  const offsetAfter = offsetAt(local + DAY, timezone);
  // The old offset first: of a time that occurs twice it gives the first.
  for (const instant of [local - offsetBefore, local - offsetAfter]) {
    if (localTime(new Date(instant), timezone) === local) return new Date(instant);
  }
  return endOfGap(local - offsetAfter, local - offsetBefore, offsetAfter, timezone);
}

/** The first instant in (from, to] that already has the new offset; found by halving, since zones have no list of changes. */
function endOfGap(from: number, to: number, offset: number, timezone: string): Date {
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (offsetAt(middle, timezone) === offset) to = middle;
    else from = middle;
  }
  return new Date(to);
}

/** The day of a zone so many days after that of a moment, such as `2026-11-30`. */
export function dayAfter(at: Date, days: number, timezone: string): string {
  return new Date(localTime(at, timezone) + days * 86_400_000).toISOString().slice(0, 10);
}
