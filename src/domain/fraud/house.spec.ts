import { describe, expect, it } from 'vitest';
import { newHouseOf } from './house.js';
import type { House } from './neighbours.js';
import type { OtherSignup, OwnSignup } from './traces.js';

const trace = { at: 0, network: 'home', agent: null, domain: 'new', stem: null, clickId: null };
const own: OwnSignup = { ...trace, isScript: false, fillMs: null, browserOf: null, earlierKey: null };
const outsider: House = { referrerDomain: null, isKnown: false };
const colleague: House = { referrerDomain: 'new', isKnown: false };

function others(count: number, domain = 'new'): OtherSignup[] {
  return Array.from({ length: count }, (_, n) => {
    return { ...trace, domain, subscriberId: `friend-${n}`, signupKey: null, isConfirmed: true };
  });
}

describe('people of a house that nobody knew', () => {
  it.each<[what: string, people: number, of: OwnSignup, others: OtherSignup[], house: House]>([
    ['the first', 0, own, others(0), outsider],
    ['the second, of an outsider', 2, own, others(1), outsider],
    ['the third, of a colleague', 0, own, others(2), colleague],
    ['the fourth, of a colleague', 4, own, others(3), colleague],
    ['the fiftieth of a house that others brought as well', 0, own, others(49), { ...outsider, isKnown: true }],
    ['the fiftieth colleague in such a house', 0, own, others(49), { ...colleague, isKnown: true }],
    ['one of another house than the others', 0, own, others(9, 'another'), outsider],
    ['one of whom the site told nothing', 0, { ...own, network: null }, others(9), outsider],
    ['one of free mail', 0, { ...own, domain: null }, others(9), outsider],
  ])('%s: %i', (_, people, of, beside, house) => {
    expect(newHouseOf(of, beside, house)).toBe(people);
  });
});
