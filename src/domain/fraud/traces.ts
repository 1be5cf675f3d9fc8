import { isbot } from 'isbot';
import { isFreeMail } from '../mail-providers.js';
import { registrableDomainOf } from '../email.js';

/*
 * What a signup leaves behind, as it is compared with others. Networks, browsers and domains are keyed hashes in hex: equal or
 * not is all that the checks ask of them, and all that is kept of them.
 */

/** How long the raw IP address of a signup is kept: an editor who blocks a network meets those who have not confirmed yet. */
export const FRAUD_WINDOW_MS = 86_400_000;

/** A signup through somebody's link. Null is what nobody told, which speaks neither for nor against anybody. */
export interface SignupTrace {
  /** Milliseconds since 1970. */
  at: number;
  network: string | null;
  agent: string | null;
  /** Null of free mail, where a domain says nothing about who belongs together. */
  domain: string | null;
  /** What is left of the address without digits and marks, with its domain; see stemOf. */
  stem: string | null;
  clickId: string | null;
}

/** Another signup through the same person's links. */
export interface OtherSignup extends SignupTrace {
  subscriberId: string;
  /** Of the cookie that the signup left in its browser. */
  signupKey: string | null;
  isConfirmed: boolean;
}

/** What the referrer's own signup left. */
export interface ReferrerTrace {
  /** With which they signed up and confirmed. */
  browsers: readonly Pick<SignupTrace, 'network' | 'agent'>[];
  /** Null where it left nothing. */
  at: number | null;
  /** Of the cookie that it left in their browser. */
  signupKey: string | null;
}

/** The signup that is looked at. */
export interface OwnSignup extends SignupTrace {
  isScript: boolean;
  /** From the form being shown to its being sent; null where it carried no signed time. */
  fillMs: number | null;
  /** The subscriber that the browser is known to be of. */
  browserOf: string | null;
  /** Of the cookie of an earlier signup of the same browser, for another address. */
  earlierKey: string | null;
}

/** The pressing of the button in the confirm mail. */
export interface ConfirmTrace {
  network: string | null;
  agent: string | null;
  isScript: boolean;
  /** By a browser that says that a program drives it: no sign where it is the one that signed up. */
  isDriven: boolean;
  /** Since the mail server took the mail; null where it was not sent yet. */
  afterSendMs: number | null;
}

/** What is sent where a site's own server passes a form on, or a proxy has cut the name: no client at all. */
const NAMELESS = /^(?:node|undici|mozilla\/[\d.]+)$/i;
/** A browser without a window. Tests of sites drive one as much as scanners do, and one option takes its name away. */
const DRIVEN = /\bHeadlessChrome\b/i;
/** isbot is one big regular expression; what follows later than this does not change its mind. */
const MAX_USER_AGENT = 512;

export interface Client {
  name: string;
  isScript: boolean;
  /** A browser, but with a program at its wheel. */
  isDriven: boolean;
}

/** A user agent as the checks see it: null for none, and for one that names no client. */
export function clientOf(userAgent: string | null): Client | null {
  const name = userAgent?.slice(0, MAX_USER_AGENT).trim() ?? '';
  if (name === '' || NAMELESS.test(name)) return null;
  const isDriven = DRIVEN.test(name);
  return { name, isScript: !isDriven && isbot(name), isDriven };
}

/** The domain by which people of one house are known to each other; null of free mail. */
export function houseOf(domain: string): string | null {
  return isFreeMail(domain) ? null : registrableDomainOf(domain);
}

/** More digits are a number of the person: student ids, QQ, carriers' addresses. Their owners share nothing but the scheme. */
const MOST_DIGITS = 4;
/** Shorter stems are initials, which strangers of one house share. */
const LEAST_LETTERS = 3;

/**
 * What look-alike addresses share: `anna.baker1@`, `annabaker02@` and `a.nna-baker@` of one domain are all `annabaker`. Null where
 * too little is left to compare. That a local part looks like keys hit at random says nothing: honest people have such ones.
 */
export function stemOf(abuseKey: string): string | null {
  const at = abuseKey.lastIndexOf('@');
  const local = abuseKey.slice(0, at).replace(/[^a-z0-9]/g, '');
  const letters = local.replace(/\d/g, '');
  if (letters.length < LEAST_LETTERS || local.length - letters.length > MOST_DIGITS) return null;
  return `${letters}${abuseKey.slice(at)}`;
}
