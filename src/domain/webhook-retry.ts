const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits before the 1st to 10th try: together 75 h 35 min, so that a receiver that broke on a Friday evening is there on Monday. */
const DELAYS = [
  0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR,
] as const; // prettier-ignore

/** An endpoint where nothing has succeeded for so long is switched off. */
const OFF_AFTER_MS = 120 * HOUR;

/** However long a receiver asks us to stay away, tomorrow it is tried again. */
const LONGEST_RETRY_AFTER = 24 * HOUR;

/** What a receiver answered, or null where there was no answer at all. */
export interface WebhookAnswer {
  status: number;
  /** The header as it came. */
  retryAfter: string | null;
}

/**
 * What becomes of a delivery. `retry`: in so many ms; with `pauseEndpoint` nothing else is sent there until then either.
 * `failed`: no try is left. `gone`: the receiver wants no more, ever.
 */
export type WebhookVerdict =
  { act: 'delivered' } | { act: 'retry'; delay: number; pauseEndpoint: boolean } | { act: 'failed' } | { act: 'gone' };

/**
 * Judges one try.
 * @param tries made so far, this one included: 1 after the first
 * @param jitter 0 to 1; shortens the wait by up to a tenth, so that deliveries that failed together do not return together, and
 *   whoever waits for the printed time finds the try made
 */
export function judgeTry(answer: WebhookAnswer | null, tries: number, jitter: number, now: Date): WebhookVerdict {
  const status = answer?.status ?? 0;
  if (status >= 200 && status < 300) return { act: 'delivered' };
  if (status === 410) return { act: 'gone' };
  const scheduled = DELAYS[Math.max(tries, 1)];
  if (scheduled === undefined) return { act: 'failed' };
  const delay = Math.round(scheduled * (1 - jitter / 10));
  const asked = status === 429 || status === 503 ? retryAfterMs(answer?.retryAfter ?? null, now) : null;
  return asked === null
    ? { act: 'retry', delay, pauseEndpoint: false }
    : { act: 'retry', delay: Math.max(delay, asked), pauseEndpoint: true };
}

/** Retry-After in ms: seconds or an HTTP date (RFC 9110, 10.2.3), at most a day; null where it is neither, or in the past. */
export function retryAfterMs(header: string | null, now: Date): number | null {
  const text = header?.trim() ?? '';
  const wait = /^\d+$/.test(text) ? Number(text) * SECOND : Date.parse(httpDate(text)) - now.getTime();
  return wait > 0 ? Math.min(wait, LONGEST_RETRY_AFTER) : null;
}

/** Date.parse reads almost anything as a date, `-5` too; only what looks like the one form that HTTP still sends is given to it. */
function httpDate(text: string): string {
  return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? text : 'none';
}

export function isOffAfter(failingSince: Date, now: Date): boolean {
  return now.getTime() - failingSince.getTime() >= OFF_AFTER_MS;
}
