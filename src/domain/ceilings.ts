import { localTime } from './local-time.js';
import type { CeilingPer } from './rewards.js';

/** Something given of which only so much may be used in one period. */
export interface Ceiled {
  /** Percent, or money in minor units; more than 0. */
  quantity: number;
  /** From when on it can be used. */
  at: Date;
  /** The most that the period may hold when this has been put into it. */
  ceiling: number;
}

export interface Placed {
  /** In the order of the periods. */
  applied: { period: string; quantity: number }[];
  /** What has no period: the ceiling is 0, or is one for ever and full. */
  left: number;
}

/** A century of months. What would be used up later than that is left. */
const MOST_PERIODS = 1_200;

/**
 * In which periods what was given is used: from its own period on, as much as the ceiling lets in, and the excess in the
 * following ones. The earlier comes first, so that nothing that is given later ever moves it.
 * @param given in the order in which they were given
 * @param timezone in which months and years begin
 */
export function applyCeilings(given: readonly Ceiled[], per: CeilingPer, timezone: string): Placed[] {
  const used = new Map<number, number>();
  return given.map(({ quantity, at, ceiling }) => {
    const applied: Placed['applied'] = [];
    const first = periodAt(at, per, timezone);
    let left = quantity;
    for (let n = 0; left > 0 && ceiling > 0 && n < (per === 'ever' ? 1 : MOST_PERIODS); n++) {
      const period = first + n;
      const fits = Math.min(left, Math.max(0, ceiling - (used.get(period) ?? 0)));
      if (fits === 0) continue;
      used.set(period, (used.get(period) ?? 0) + fits);
      applied.push({ period: nameOf(period, per), quantity: fits });
      left -= fits;
    }
    return { applied, left };
  });
}

/** Periods are counted, so that the next one is one more: months since the year 0, or years. */
function periodAt(at: Date, per: CeilingPer, timezone: string): number {
  if (per === 'ever') return 0;
  const local = new Date(localTime(at, timezone));
  return per === 'year' ? local.getUTCFullYear() : local.getUTCFullYear() * 12 + local.getUTCMonth();
}

function nameOf(period: number, per: CeilingPer): string {
  if (per === 'ever') return 'ever';
  if (per === 'year') return String(period);
  return `${Math.floor(period / 12)}-${String((period % 12) + 1).padStart(2, '0')}`;
}
