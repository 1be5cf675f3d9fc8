import type { House } from './neighbours.js';
import type { OtherSignup, OwnSignup, ReferrerTrace } from './traces.js';

const DAY_MS = 86_400_000;

/**
 * A house (a company's domain) of which nobody but this referrer's friends has ever signed up may be a team, or a domain that was bought
 * for it with all its people invented. At first the two look alike, so the friends wait for some days: a team has come by then and counts, an invented one
 * has to go on to be worth anything, and shows by its size.
 */
export const HOUSE_WAIT_MS = 5 * DAY_MS;
/**
 * More by the links of one reader are no team. At twelve, which is what a team mostly is, one in 28 honest companies waited for a
 * person with all its people; at fifteen one in 84 (`npm run simulate:fraud`, seeds 1 to 5).
 */
export const MOST_OF_A_TEAM = 15;
/** From which friend of a house on they wait, the one that is looked at included. A referrer of the house itself vouches for two. */
const WAITS_FROM = { outsiders: 2, colleagues: 3 };
/** So many kinds of browsers on a network of a colleague's, on so many days, are an office: who invents people has few of both. */
const OFFICE = { kinds: 5, days: 3 };

/** Kinds of browsers that colleagues signed up with where their referrer had been too, and on how many days. */
export interface Office {
  kinds: number;
  days: number;
}

export function isOffice({ kinds, days }: Office): boolean {
  return kinds >= OFFICE.kinds && days >= OFFICE.days;
}

/**
 * How many friends of a house that nobody vouches for a signup belongs to; 0 when it is no matter. Who signed up by a call of the site
 * that says nothing of them is taken at the site's word.
 */
export function newHouseOf(
  own: OwnSignup,
  others: readonly OtherSignup[],
  house: House,
  referrerAt: ReferrerTrace,
): number {
  if (own.domain === null || own.network === null || house.isKnown) return 0;
  const housemates = others.filter(({ domain, network }) => domain === own.domain && network !== null);
  const isColleague = own.domain === house.referrerDomain;
  if (isColleague && isOffice(officeOf(housemates, referrerAt))) return 0;
  const people = 1 + housemates.length;
  return people >= (isColleague ? WAITS_FROM.colleagues : WAITS_FROM.outsiders) ? people : 0;
}

function officeOf(colleagues: readonly OtherSignup[], { browsers }: ReferrerTrace): Office {
  const there = colleagues.filter(({ network }) => browsers.some((theirs) => theirs.network === network));
  const count = (values: unknown[]): number => new Set(values).size;
  return { kinds: count(there.map(({ agent }) => agent)), days: count(there.map(({ at }) => Math.floor(at / DAY_MS))) };
}
