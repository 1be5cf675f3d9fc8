import { type Browser, DAY, HOUR, MINUTE, type Reader, SECOND, type Signup } from '../plan.js';
import type { Cast } from '../shape.js';
import type { Person } from '../world/people.js';
import { fillTime } from '../world/people.js';
import { awake } from '../world/times.js';

/** Somebody who wants rewards for friends that they are themselves. */
export interface Farmer {
  person: Person;
  /** Their own place among the readers. */
  reader: Reader;
  /** When they begin. */
  begins: number;
}

/** Most join for it and begin within hours; some were readers before. */
export function farmer({ random, people }: Cast, email?: string): Farmer {
  const person = people.person(random);
  const begins = awake(random, random.whole(0, 22));
  const before = random.chance(0.75) ? random.around(50 * MINUTE, 1.2) : random.between(2, 60) * DAY;
  const reader = { email: email ?? people.address(random), joinedAt: begins - before, browser: person.somewhere() };
  return { person, reader, begins };
}

/** A made-up friend by hand: opens the own link, fills the form in, looks into the mail. */
export function byHand(
  { random, people }: Cast,
  shape: string,
  { reader }: Farmer,
  fields: { email: string; at: number; browser: Browser } & Partial<Signup>,
): Signup {
  return {
    shape,
    referrer: reader,
    click: people.visit(),
    door: 'form',
    fillFor: fillTime(random),
    again: null,
    machines: [],
    confirms: { after: random.around(70 * SECOND, 0.5), browser: fields.browser },
    ...fields,
  };
}

/** When the n-th friend of a sitting signs up: mostly one after the other, some farmers take days. */
export function sitting({ random }: Cast, begins: number, size: number): number[] {
  const gap = random.chance(0.8) ? 3.5 * MINUTE : 9 * HOUR;
  let at = begins;
  return Array.from({ length: size }, () => (at += random.around(gap, 0.5)));
}

/** How many friends a farmer makes: as many as are left to make, but never fewer than are worth the trouble. */
export function sizeOf({ random }: Cast, left: number, least: number, most: number): number {
  return Math.max(least, Math.min(left, random.whole(least, most)));
}

/** Makes farms until there are so many signups; the last one is not cut. */
export function farms(count: number, farm: (left: number) => Signup[]): Signup[] {
  const signups: Signup[] = [];
  while (signups.length < count) signups.push(...farm(count - signups.length));
  return signups;
}
