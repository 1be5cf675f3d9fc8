import { localTime } from './local-time.js';

/** At most so many rewards of a milestone for one person in a calendar month, a calendar year, or ever. */
export type Cap = { count: number; per: 'month' | 'year' | 'ever' };

/**
 * The calendar month of a moment in a zone, as `2026-11`. It is what a grant remembers: year and month can be told from it
 * whatever a cap is changed to, and a publication that moves to another zone moves no grant to another year.
 */
export function monthOf(at: Date, timezone: string): string {
  return new Date(localTime(at, timezone)).toISOString().slice(0, 7);
}

function periodOf(cap: Cap, month: string): string {
  if (cap.per === 'month') return month;
  return cap.per === 'year' ? month.slice(0, 4) : '';
}

/** The places that a person has left under a cap. Without a cap there is always one. */
export class Places {
  private readonly taken = new Map<string, number>();

  /** @param rewarded how many grants of this milestone the person has, by the month in which each was reached */
  constructor(
    private readonly cap: Cap | null,
    rewarded: readonly { month: string; count: number }[],
  ) {
    if (cap === null) return;
    for (const { month, count } of rewarded) this.add(periodOf(cap, month), count);
  }

  /** Takes a place of the period that a month lies in. False when none is left. */
  take(month: string): boolean {
    if (this.cap === null) return true;
    const period = periodOf(this.cap, month);
    if ((this.taken.get(period) ?? 0) >= this.cap.count) return false;
    this.add(period, 1);
    return true;
  }

  private add(period: string, count: number): void {
    this.taken.set(period, (this.taken.get(period) ?? 0) + count);
  }
}
