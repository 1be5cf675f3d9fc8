import { type Browser, MINUTE, type Opening, SECOND } from '../plan.js';
import type { Random } from '../random.js';
import { datacentrePool } from './networks.js';
import { desk, headless } from './user-agents.js';

/**
 * What a mail gateway does with the links of a mail before, or shortly after, it lets it through. Nearly all call themselves a
 * plain desktop browser and come from a data centre (Safe Links from Azure, Barracuda and Proofpoint from their own or AWS);
 * some ask by HEAD first, some open twice from two places. A few run the page and press what can be pressed.
 */
export function scanner(random: Random): Opening[] {
  const first = random.around(12 * SECOND, 0.8);
  const openings: Opening[] = [];
  if (random.chance(0.3)) openings.push(opening(random, first * 0.8, 'HEAD'));
  const times = random.weighted([[1, 5], [2, 3], [3, 1]]); // prettier-ignore
  for (let n = 0; n < times; n++) openings.push(opening(random, first + n * random.between(1, 40) * SECOND, 'GET'));
  if (random.chance(POSTS)) {
    openings.push({ ...openings.at(-1)!, method: 'POST', after: openings.at(-1)!.after + SECOND });
  }
  if (random.chance(0.15)) openings.push(opening(random, random.between(5, 50) * MINUTE, 'GET')); // at the press of the link
  return openings;
}

/** How many scanners submit a form: rare enough that no vendor documents it, often enough that every sender has met it. A guess. */
const POSTS = 0.03;

function opening(random: Random, after: number, method: Opening['method']): Opening {
  return { after, method, browser: machine(random) };
}

function machine(random: Random): Browser {
  return {
    ip: datacentrePool.address(random),
    userAgent: random.chance(0.85) ? desk(random) : random.chance(0.5) ? headless(random) : 'BarracudaCentral/1.0',
    jar: null,
  };
}
