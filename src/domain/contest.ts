import { monthOf } from './caps.js';
import { instantOf } from './local-time.js';

/**
 * How long after its end a round is closed. Whoever verified a referral in the last second has committed by then; the time of
 * verifying decides, not that of closing.
 */
export const CLOSES_AFTER_MS = 60_000;

/** One run of a contest, with an end that is not in it. */
export interface Round {
  /** `2026-11`, or `2026-11-01/2026-11-30`. */
  key: string;
  startsAt: Date;
  endsAt: Date;
}

/** The calendar month of a zone in which a moment lies. */
export function monthRound(at: Date, timezone: string): Round {
  return roundNamed(monthOf(at, timezone), timezone);
}

/** The calendar month of this name, such as `2026-11`, in a zone. */
export function roundNamed(key: string, timezone: string): Round {
  const [year = 0, month = 0] = key.split('-').map(Number);
  return {
    key,
    startsAt: instantOf(Date.UTC(year, month - 1), timezone),
    endsAt: instantOf(Date.UTC(year, month), timezone),
  };
}

/**
 * The month that follows. It begins where the last one ended, also when the publication has moved to another zone meanwhile, so
 * that no referral falls between two rounds or into both.
 */
export function roundAfter({ key, endsAt }: Pick<Round, 'key' | 'endsAt'>, timezone: string): Round {
  const [year = 0, month = 0] = key.split('-').map(Number);
  return {
    key: new Date(Date.UTC(year, month)).toISOString().slice(0, 7),
    startsAt: endsAt,
    endsAt: instantOf(Date.UTC(year, month + 1), timezone),
  };
}

/** Days of a zone, the last one included. */
export function daysRound({ from, to }: { from: string; to: string }, timezone: string): Round {
  return {
    key: `${from}/${to}`,
    startsAt: instantOf(Date.parse(from), timezone),
    endsAt: instantOf(Date.parse(to) + 86_400_000, timezone),
  };
}
