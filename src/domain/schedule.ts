import { localTime } from './local-time.js';
import { nextSlot } from './release.js';

/** A slot that was missed by as much is let go. */
const PATIENCE_MS = 86_400_000;

/** What happens again and again at times of a wall clock. */
export interface Schedule {
  /** Five fields, as `cronProblem` takes them. */
  cron: string;
  timezone: string;
}

export interface Slot {
  at: Date;
  /**
   * What the clocks of the zone show at the slot, `2026-11-25T04:10`. With a unique key it decides who runs the slot, so that a clock
   * that is put back, or a publication that moves to another zone, has no day run twice.
   */
  runKey: string;
}

/**
 * The slot of a schedule that is to be run, unless it was: the latest that is not in the future and less than 24 h ago. So one that
 * was missed is run once, and of several that were missed the last.
 */
export function dueSlot(now: Date, { cron, timezone }: Schedule): Slot | null {
  let slot: Date | null = null;
  let next = nextSlot(new Date(now.getTime() - PATIENCE_MS + 1), cron, timezone);
  while (next <= now) {
    slot = next;
    next = nextSlot(new Date(next.getTime() + 1), cron, timezone);
  }
  return slot && { at: slot, runKey: new Date(localTime(slot, timezone)).toISOString().slice(0, 16) };
}
