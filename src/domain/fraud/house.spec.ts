import { describe, expect, it } from 'vitest';
import { newHouseOf } from './house.js';
import type { House } from './neighbours.js';
import type { OtherSignup, OwnSignup } from './traces.js';

const DAY = 86_400_000;
const trace = { at: 30 * DAY, network: 'home', agent: null, domain: 'new', stem: null, clickId: null };
const own: OwnSignup = { ...trace, isScript: false, fillMs: null, browserOf: null, earlierKey: null };
const referrer = { browsers: [], at: 29 * DAY, signupKey: null };
const outsider: House = { referrerDomain: null, isKnown: false };
const colleague: House = { referrerDomain: 'new', isKnown: false };

function others(count: number, domain = 'new'): OtherSignup[] {
  return Array.from({ length: count }, (_, n) => {
    return { ...trace, domain, subscriberId: `friend-${n}`, signupKey: null, isConfirmed: true };
  });
}

describe('people of a house that nobody knew', () => {
  it.each<[what: string, people: number, of: OwnSignup, others: OtherSignup[], house: House, since: number | null]>([
    ['the first', 0, own, others(0), outsider, 29],
    ['the second, of an outsider', 2, own, others(1), outsider, 29],
    ['the second, of an outsider of long standing', 2, own, others(1), outsider, 1],
    ['the third, of a new colleague', 0, own, others(2), colleague, 29],
    ['the fourth, of a new colleague', 4, own, others(3), colleague, 29],
    ['the fiftieth, of a colleague of long standing', 0, own, others(49), colleague, 1],
    ['the fiftieth, of a colleague who left no trace', 0, own, others(49), colleague, null],
    ['the fiftieth of a house that others brought as well', 0, own, others(49), { ...outsider, isKnown: true }, 29],
    ['one of another house than the others', 0, own, others(9, 'another'), outsider, 29],
    ['one of whom the site told nothing', 0, { ...own, network: null }, others(9), outsider, 29],
    ['one of free mail', 0, { ...own, domain: null }, others(9), outsider, 29],
  ])('%s: %i', (_, people, of, beside, house, since) => {
    expect(newHouseOf(of, beside, house, { ...referrer, at: since && since * DAY })).toBe(people);
  });
});
