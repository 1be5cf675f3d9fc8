import { Clock } from '../../platform/clock.js';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** The midnight (UTC) that ends a story. Whole days, so that the same story has the same hours, and the same counts, whenever it is told. */
export function endOfStory(now: Date): Date {
  return new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS);
}

/** The moment so many minutes after the end of a story; before it they are negative. */
export function momentOf(end: Date, minute: number): Date {
  return new Date(end.getTime() + Math.round(minute * MINUTE_MS));
}

/** Stands still between the moments of the story. */
export class StoryClock extends Clock {
  private moment = new Date(0);

  override now(): Date {
    return this.moment;
  }

  override set(moment: Date): void {
    this.moment = moment;
  }
}
