const QUIET_MS = 15 * 60_000;
const MOST_A_DAY = 3;

/**
 * Whether a mail that a stranger can cause may go to an address again: one in 15 minutes and three in 24 hours.
 * @param recent what went there in the last 24 hours
 */
export function mayMailAgain(recent: { count: number; latest: Date | null }, now: Date): boolean {
  return recent.count < MOST_A_DAY && (recent.latest === null || now.getTime() - recent.latest.getTime() >= QUIET_MS);
}
