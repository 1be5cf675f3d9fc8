// Date and time of ISO 8601 with a blank allowed for the T, as databases and spreadsheets write it. Without an offset: UTC.
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;
// SparkLoop's import and European spreadsheets. American month-first dates look the same and are not guessed at.
const DAY_FIRST = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
// beehiiv's API tells seconds, Viral Loops' milliseconds.
const UNIX_SECONDS = /^\d{9,10}$/;
const UNIX_MILLISECONDS = /^\d{12,13}$/;

const EARLIEST = Date.UTC(1990, 0, 1);

/**
 * A moment as a file tells it. Null when it is none, before 1990, or does not exist (31 February).
 * @param dayFirst whether the file is known to write 21/11/2026
 */
export function parseImportDate(text: string, dayFirst: boolean): Date | null {
  if (UNIX_SECONDS.test(text)) return sane(Number(text) * 1000);
  if (UNIX_MILLISECONDS.test(text)) return sane(Number(text));
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, zone] = iso;
    return sane(utc(year, month, day, hour, minute, second) - offset(zone));
  }
  const slashed = dayFirst ? DAY_FIRST.exec(text) : null;
  if (slashed === null) return null;
  const [, day, month, year, hour, minute, second] = slashed;
  return sane(utc(year, month, day, hour, minute, second));
}

/** Milliseconds; NaN for what no calendar and no clock has. */
function utc(...parts: (string | undefined)[]): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const there = new Date(time);
  const exists = there.getUTCMonth() === month - 1 && there.getUTCDate() === day && there.getUTCHours() === hour;
  return exists && minute < 60 && second < 61 ? time : NaN;
}

function offset(zone: string | undefined): number {
  const found = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '');
  if (found === null) return 0;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return (found[1] === '-' ? -1 : 1) * minutes * 60_000;
}

function sane(time: number): Date | null {
  return Number.isFinite(time) && time >= EARLIEST ? new Date(time) : null;
}
