/*
 * What will happen, as plain data: who reads already, who signs up through whose link, from where, and who or what opens the
 * confirm mail. Times are milliseconds from the start of the run; readers may have come before it.
 */

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
/** How long signups come in. Confirmations go on after it. */
export const WEEKS = 4;

/** Whose requests these seem to be. Requests of one jar share their cookies; null keeps none. */
export interface Browser {
  ip: string;
  userAgent: string;
  jar: string | null;
}

/** Somebody with a share link. */
export interface Reader {
  email: string;
  joinedAt: number;
  browser: Browser;
}

/** A machine that reads the mail before its owner does. */
export interface Opening {
  /** After the mail was sent. */
  after: number;
  method: 'GET' | 'HEAD' | 'POST';
  browser: Browser;
}

/** `honest` and `attack` have targets; `apart` looks like people and is printed without one. */
export type Truth = 'honest' | 'attack' | 'apart';

export interface Signup {
  shape: string;
  referrer: Reader;
  email: string;
  at: number;
  browser: Browser;
  /** Signups with the same key come from one visit to the share link; null brings the code alone. */
  click: string | null;
  /** The form of the service, or the publication's own site, which calls the API. */
  door: 'form' | 'api';
  /** Time between opening the form and sending it; null sends it without having opened it. */
  fillFor: number | null;
  /** Sends the form again so long after the first time. */
  again: number | null;
  machines: Opening[];
  /** The owner of the mailbox presses the button, so long after the signup; null never does. */
  confirms: { after: number; browser: Browser } | null;
}
