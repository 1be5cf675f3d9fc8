import { DAY, HOUR, MINUTE, WEEKS } from '../plan.js';
import type { Random } from '../random.js';

/** People by the hour of their day: few at night, most in the evening (the usual curve of consumer mail). */
const BY_HOUR = [1, 1, 1, 1, 1, 2, 4, 7, 8, 7, 6, 6, 8, 7, 6, 6, 6, 7, 8, 9, 10, 9, 6, 3];

/** A moment in the weeks of the run at which somebody is awake. */
export function someTime(random: Random): number {
  return awake(random, random.whole(0, WEEKS * 7 - 1));
}

/** A moment of this day at which somebody is awake. */
export function awake(random: Random, day: number): number {
  const hour = random.weighted(BY_HOUR.map((weight, index) => [index, weight] as const));
  return day * DAY + hour * HOUR + random.between(0, HOUR);
}

/** The run begins on a Monday: the n-th working day and a moment between 8:30 and 18:00 of it. */
export function atWork(random: Random, workingDay: number): number {
  const day = Math.floor(workingDay / 5) * 7 + (workingDay % 5);
  return day * DAY + 8.5 * HOUR + random.between(0, 9.5 * 60) * MINUTE;
}
