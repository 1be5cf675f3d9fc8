import type { House } from './neighbours.js';
import type { OtherSignup, OwnSignup } from './traces.js';

const DAY_MS = 86_400_000;

/**
 * A house (a company's domain) of which nobody but this referrer's friends has ever signed up may be a team, or a domain that was bought
 * for it with all its people invented. At first the two look alike, so the friends wait for some days: a team has come by then and counts, an invented one
 * has to go on to be worth anything, and shows by its size.
 */
export const HOUSE_WAIT_MS = 5 * DAY_MS;
/** More by the links of one reader are no team. */
export const MOST_OF_A_TEAM = 12;
/** From which friend of a house on they wait, the one that is looked at included. A referrer of the house itself vouches for the first few. */
const WAITS_FROM = { outsiders: 2, colleagues: 4 };
/**
 * How many friends of a house that nobody vouches for a signup belongs to; 0 when it is no matter. Who signed up by a call of the site
 * that says nothing of them is taken at the site's word.
 */
export function newHouseOf(own: OwnSignup, others: readonly OtherSignup[], house: House): number {
  if (own.domain === null || own.network === null || house.isKnown) return 0;
  const people = 1 + others.filter(({ domain, network }) => domain === own.domain && network !== null).length;
  const waitsFrom = own.domain === house.referrerDomain ? WAITS_FROM.colleagues : WAITS_FROM.outsiders;
  return people >= waitsFrom ? people : 0;
}
