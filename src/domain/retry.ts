const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** After a hand-over that may have succeeded, one retry this many ms later, then a person decides (hazards, rule 7). */
export const UNCERTAIN_RETRY_MS = 15 * MINUTE;

/**
 * Waits after the 1st to 7th failed try. Early ones are short, since a reader waits for the confirm mail and greylisting
 * servers ask for a few minutes (RFC 6647); together 15 h 21 min.
 */
const MAIL_DELAYS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR] as const;

/**
 * How long a mail waits after a failed try, in ms; `dead` after the 8th.
 * @param attempt tries made so far, the failed one included: 1 after the first
 * @param jitter 0 to 1; lengthens the wait by up to a quarter, so that mails that failed together do not return together
 */
export function mailRetryDelay(attempt: number, jitter: number): number | 'dead' {
  const delay = MAIL_DELAYS[Math.max(attempt, 1) - 1];
  return delay === undefined ? 'dead' : Math.round(delay * (1 + jitter / 4));
}

// A server that is back must get the waiting confirm mails soon, so steps stop growing at 5 min: 72 probes in 6 h.
const LONGEST_PAUSE = 5 * MINUTE;

/**
 * How long to send nothing at all after the mail server failed, in ms; then one mail probes it.
 * @param failures in a row, this one included: 1 after the first
 */
export function transportBackoff(failures: number): number {
  return Math.min(LONGEST_PAUSE, 5 * SECOND * 2 ** (Math.max(failures, 1) - 1));
}
