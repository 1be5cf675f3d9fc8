import { describe, expect, it } from 'vitest';
import { clusterOf, type House, velocityOf } from './neighbours.js';
import type { OtherSignup, OwnSignup } from './traces.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STRANGERS: House = { referrerDomain: 'ours', isKnown: false };
const nothing = { at: 0, network: null, agent: null, domain: null, stem: null, clickId: null };

/** So many signups of a kind, the first of which is looked at. */
function group(count: number, everyMs: number, of: (n: number) => Partial<OwnSignup>): [OwnSignup, OtherSignup[]] {
  const traces = Array.from({ length: count }, (_, n) => ({ ...nothing, at: n * everyMs, ...of(n) }));
  const [own, ...others] = traces;
  return [
    { isScript: false, fillMs: null, browserOf: null, earlierKey: null, ...own! },
    others.map((trace, n) => ({ subscriberId: `friend-${n}`, signupKey: null, isConfirmed: false, ...trace })),
  ];
}

const one = { network: 'home', agent: 'phone' };

describe('a cluster', () => {
  it.each([
    ['five by one kind of browser in an hour', 5, 14 * MINUTE, (n) => ({ network: `n${n}`, agent: 'a' }), STRANGERS, true],
    ['two by one browser in an hour', 2, 50 * MINUTE, () => one, STRANGERS, true],
    ['three by one browser in three days', 3, 35 * HOUR, () => one, STRANGERS, true],
    ['five of one unknown house by one browser on one network', 5, 20 * HOUR, () => ({ ...one, domain: 'own' }), STRANGERS, true],
    ['four look-alikes of one domain', 4, 20 * HOUR, () => ({ stem: 'anna@own' }), STRANGERS, true],
    ['four look-alikes among colleagues', 4, 20 * HOUR, () => ({ domain: 'ours', stem: 'anna@ours' }), STRANGERS, true],
    ['five colleagues by one browser in a minute', 5, 15 * SECOND, () => ({ ...one, domain: 'ours' }), STRANGERS, true],
  ] as [string, number, number, (n: number) => Partial<OwnSignup>, House, true][])('is %s', (_, count, every, of, house) => {
    expect(clusterOf(...group(count, every, of), house)).toContain(`${count} friends`);
    // One fewer is what honest people do.
    expect(clusterOf(...group(count - 1, every, of), house)).toBeNull();
  }); // prettier-ignore

  it.each([
    ['a crowd of fifty with seven kinds of browsers', 50, 10 * SECOND, (n) => ({ network: `n${n}`, agent: `a${n % 7}` }), STRANGERS],
    ['a family on one network', 4, MINUTE, (n) => ({ network: 'home', agent: `a${n}` }), STRANGERS],
    ['an office of colleagues, all with the browser of the company', 500, 2 * MINUTE, () => ({ ...one, domain: 'ours' }), STRANGERS],
    ['an office that the publication knows', 500, 2 * MINUTE, () => ({ ...one, domain: 'theirs' }), { ...STRANGERS, isKnown: true }],
    ['a carrier with one kind of telephone, two days apart', 9, 48 * HOUR, () => one, STRANGERS],
    ['a crowd of whom nothing is known', 200, SECOND, () => ({}), STRANGERS],
    ['free mail of one provider', 40, HOUR, (n) => ({ network: `n${n}`, agent: `a${n % 4}` }), STRANGERS],
    ['a house scattered over networks and browsers', 40, HOUR, (n) => ({ network: `n${n}`, agent: `a${n}`, domain: 'own' }), STRANGERS],
    ['one name at many domains', 40, HOUR, (n) => ({ stem: `anna@${n}` }), STRANGERS],
  ] as [string, number, number, (n: number) => Partial<OwnSignup>, House][])('is not %s', (_, count, every, of, house) => {
    expect(clusterOf(...group(count, every, of), house)).toBeNull();
  }); // prettier-ignore
});

describe('velocity', () => {
  it('is five friends in ten minutes before or after, whatever they come by', () => {
    expect(velocityOf(...group(5, 2 * MINUTE, () => ({})), STRANGERS)).toBe(5);
    expect(velocityOf(...group(5, -2 * MINUTE, () => ({})), STRANGERS)).toBe(5);
    expect(velocityOf(...group(4, MINUTE, () => ({})), STRANGERS)).toBe(0);
    expect(velocityOf(...group(5, 3 * MINUTE, () => ({})), STRANGERS)).toBe(0);
  });

  it('neither speaks against colleagues of the referrer nor counts them', () => {
    const colleagues = group(40, 10 * SECOND, () => ({ domain: 'ours' }));
    expect(velocityOf(...colleagues, STRANGERS)).toBe(0);
    expect(velocityOf(group(1, 0, () => ({}))[0], colleagues[1], STRANGERS)).toBe(0);
  });
});
