import type { OtherSignup, OwnSignup, ReferrerTrace, SignupTrace } from './traces.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** For so long one network speaks for one house: later the same address may be a stranger's. */
const PLACE_MS = 24 * 60 * MINUTE;
/** A kind of browser on a network says more than the network, and so for longer. */
const SAME_BROWSER_MS = 3 * PLACE_MS;
/** Signups through one person's links in such a time are a run on the form, however they came. */
const VELOCITY = { friends: 5, withinMs: 10 * MINUTE };

/** Of an hour's friends, that they have one kind of browser. */
const UNIFORM = 0.9;

/**
 * How many signups make a cluster, the one that is looked at included. Each figure is above what honest people do by chance:
 * - a minute, a network, a browser: not even an office in which all have the same browser does that;
 * - an hour: two friends at one router with one kind of browser are mostly one friend with two mailboxes;
 * - an hour and one kind of browser in nine of ten, whatever their networks: people who come after a post of somebody whom many read have
 *   all kinds;
 * - three days: a family of five behind one router has four friends of its fifth, but seldom three on the same kind of telephone;
 * - a house that nobody here knew: four of its people share an office network and the company's browser, five are looked at;
 * - look-alike names: three brothers may be number 1 to 3 of a family's domain.
 */
const CLUSTER = { minute: 5, hour: 2, uniform: 5, days: 3, house: 5, lookAlike: 4 };

/** What the checks must know of the house of a friend. */
export interface House {
  /** The referrer's domain; null of free mail. */
  referrerDomain: string | null;
  /** The publication has a reader of the friend's domain who came neither by this referrer nor just now. */
  isKnown: boolean;
}

const isNear = (a: SignupTrace, b: SignupTrace, ms: number): boolean => Math.abs(a.at - b.at) <= ms;
function shares<Key extends 'network' | 'agent' | 'domain' | 'stem'>(
  key: Key,
  a: Pick<SignupTrace, Key>,
  b: Pick<SignupTrace, Key>,
): boolean {
  return a[key] !== null && a[key] === b[key];
}

/**
 * Colleagues of the referrer: they share a network and a company's browsers because they share an office, so only what no
 * office does speaks against them (the same minute, look-alike names).
 */
function isColleague(signup: SignupTrace, own: SignupTrace, house: House): boolean {
  if (signup.domain === null) return false;
  return signup.domain === house.referrerDomain || (house.isKnown && signup.domain === own.domain);
}

/** So many addresses a person mistypes before they give up. */
const MOST_MISTYPED = 2;

/** The other signups without those that are this one's own: of the same visit or browser, and nobody has confirmed them. */
export function withoutMistyped(own: OwnSignup, others: readonly OtherSignup[]): readonly OtherSignup[] {
  const isMistyped = ({ isConfirmed, clickId, signupKey }: OtherSignup): boolean =>
    !isConfirmed &&
    ((clickId !== null && clickId === own.clickId) || (signupKey !== null && signupKey === own.earlierKey));
  const left = others.filter((other) => !isMistyped(other));
  return others.length - left.length > MOST_MISTYPED ? others : left;
}

/** Whether another friend of the referrer signed up from the same network within a day. */
export function sharesNetwork(own: OwnSignup, others: readonly OtherSignup[]): boolean {
  return others.some((other) => shares('network', own, other) && isNear(own, other, PLACE_MS));
}

/** Whether the referrer signed up or confirmed on the same network within a day. */
export function isAtReferrers(own: OwnSignup, { browsers, at }: ReferrerTrace): boolean {
  return at !== null && Math.abs(own.at - at) <= PLACE_MS && browsers.some((theirs) => shares('network', own, theirs));
}

/**
 * Whether the referrer came on the same network with the same kind of browser, give or take three days: one device, whatever became of
 * its cookies. Of families this holds the one in ten who have the same telephone; colleagues, who have the same desks, are left alone.
 */
export function isWithReferrersBrowser(own: OwnSignup, { browsers, at }: ReferrerTrace, house: House): boolean {
  if (at === null || Math.abs(own.at - at) > SAME_BROWSER_MS || isColleague(own, own, house)) return false;
  return browsers.some((theirs) => shares('network', own, theirs) && shares('agent', own, theirs));
}

/** How many friends make the run that a signup is part of; 0 when it is part of none. */
export function velocityOf(own: OwnSignup, others: readonly OtherSignup[], house: House): number {
  if (isColleague(own, own, house)) return 0;
  const strangers = others.filter((other) => !isColleague(other, own, house));
  const run = 1 + strangers.filter((other) => isNear(own, other, VELOCITY.withinMs)).length;
  return run >= VELOCITY.friends ? run : 0;
}

/** Which cluster a signup is part of, in words for staff; null when of none. */
export function clusterOf(own: OwnSignup, others: readonly OtherSignup[], house: House): string | null {
  const groups: [kind: string, least: number, members: readonly OtherSignup[]][] = [
    ['within a minute from one network by one browser', CLUSTER.minute, sameBrowser(own, others, MINUTE)],
    ['with look-alike addresses of one domain', CLUSTER.lookAlike, others.filter((o) => shares('stem', own, o))],
    ...(isColleague(own, own, house) ? [] : groupsOfStrangers(own, others, house)),
  ];
  const found = groups.find(([, least, members]) => 1 + members.length >= least);
  return found === undefined ? null : `${1 + found[2].length} friends ${found[0]}`;
}

function groupsOfStrangers(own: OwnSignup, others: readonly OtherSignup[], house: House) {
  const strangers = others.filter((other) => !isColleague(other, own, house) && !shares('domain', own, other));
  const housemates = others.filter((other) => shares('domain', own, other));
  return [
    ['within an hour by one kind of browser', CLUSTER.uniform, uniformHour(own, strangers)],
    ['within an hour from one network by one browser', CLUSTER.hour, sameBrowser(own, strangers, HOUR)],
    ['within three days from one network by one browser', CLUSTER.days, sameBrowser(own, strangers, SAME_BROWSER_MS)],
    ['of one domain from one network by one browser', CLUSTER.house, sameBrowser(own, housemates, Infinity)],
  ] satisfies [string, number, readonly OtherSignup[]][];
}

function uniformHour(own: OwnSignup, strangers: readonly OtherSignup[]): readonly OtherSignup[] {
  const near = strangers.filter((other) => isNear(own, other, HOUR));
  const alike = near.filter((other) => shares('agent', own, other));
  return alike.length >= UNIFORM * near.length ? alike : [];
}

function sameBrowser(own: OwnSignup, others: readonly OtherSignup[], ms: number): readonly OtherSignup[] {
  return others.filter((o) => shares('network', own, o) && shares('agent', own, o) && isNear(own, o, ms));
}
