import { describe, expect, it } from 'vitest';
import { newHouseOf } from './house.js';
import type { House } from './neighbours.js';
import type { OtherSignup, OwnSignup, ReferrerTrace } from './traces.js';

const trace = { at: 0, network: 'home', agent: null, domain: 'new', stem: null, clickId: null };
const own: OwnSignup = { ...trace, isScript: false, fillMs: null, browserOf: null, earlierKey: null };
const referrer: ReferrerTrace = { browsers: [{ network: 'office', agent: 'a' }], at: 0, signupKey: null };
const outsider: House = { referrerDomain: null, isKnown: false };
const colleague: House = { referrerDomain: 'new', isKnown: false };

function others(count: number, domain = 'new', more: (n: number) => Partial<OtherSignup> = () => ({})): OtherSignup[] {
  return Array.from({ length: count }, (_, n) => {
    return { ...trace, domain, subscriberId: `friend-${n}`, signupKey: null, isConfirmed: true, ...more(n) };
  });
}

const inOffice = (kinds: number, days: number) => (n: number) => ({
  network: 'office',
  agent: `a${n % kinds}`,
  at: (n % days) * 86_400_000,
});

describe('people of a house that nobody knew', () => {
  it.each<[what: string, people: number, of: OwnSignup, others: OtherSignup[], house: House]>([
    ['the first', 0, own, others(0), outsider],
    ['the second, of an outsider', 2, own, others(1), outsider],
    ['the second, of a colleague', 0, own, others(1), colleague],
    ['the third, of a colleague', 3, own, others(2), colleague],
    ['one in an office of five kinds of browsers and three days', 0, own, others(9, 'new', inOffice(5, 3)), colleague],
    ['one where there are five kinds on two days', 10, own, others(9, 'new', inOffice(5, 2)), colleague],
    ['one where there are four kinds on three', 10, own, others(9, 'new', inOffice(4, 3)), colleague],
    [
      'one in an office where the referrer never was',
      10,
      own,
      others(9, 'new', (n) => ({ ...inOffice(9, 9)(n), network: 'else' })),
      colleague,
    ],
    ['one in an office of which the referrer is not', 10, own, others(9, 'new', inOffice(9, 9)), outsider],
    ['the fiftieth of a house that others brought as well', 0, own, others(49), { ...outsider, isKnown: true }],
    ['the fiftieth colleague in such a house', 0, own, others(49), { ...colleague, isKnown: true }],
    ['one of another house than the others', 0, own, others(9, 'another'), outsider],
    ['one of whom the site told nothing', 0, { ...own, network: null }, others(9), outsider],
    ['one of free mail', 0, { ...own, domain: null }, others(9), outsider],
  ])('%s: %i', (_, people, of, beside, house) => {
    expect(newHouseOf(of, beside, house, referrer)).toBe(people);
  });
});
