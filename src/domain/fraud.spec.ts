import { describe, expect, it } from 'vitest';
import { alreadyKnown, assess, type Signals } from './fraud.js';
import type { OtherSignup, OwnSignup } from './fraud/traces.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ana = { subscriberId: 'ana', emailKey: 'ana@loaf.example', abuseKey: 'ana@loaf.example' };
const ben = { emailKey: 'ben@rye.example', abuseKey: 'ben@rye.example', domain: 'rye.example' };
const trace = { at: 0, network: null, agent: null, domain: null, stem: null, clickId: null };
const signup: OwnSignup = { ...trace, isScript: false, fillMs: null, browserOf: null, earlierKey: null };
const honest: Signals = {
  referrer: ana,
  friend: ben,
  aliasOfEarlier: false,
  disposable: false,
  listed: null,
  signup,
  confirmation: null,
  referrerAt: { browsers: [], at: null, signupKey: null },
  others: [],
  house: { domain: 'rye', referrerDomain: 'loaf', isKnown: false },
  isCrowded: false,
};

function others(count: number, shared: Partial<OtherSignup>, apartMs = MINUTE): OtherSignup[] {
  return Array.from({ length: count }, (_, n) => ({
    ...{ ...trace, subscriberId: `friend-${n}`, signupKey: null, isConfirmed: true },
    ...{ at: (n + 1) * apartMs, ...shared },
  }));
}

const codesOf = (signals: Partial<Signals>): string[] =>
  assess({ ...honest, ...signals }).signs.map(({ code }) => code);

describe('a hard check', () => {
  it('finds nothing against an honest friend', () => {
    expect(assess(honest)).toEqual({ refused: null, signs: [], isAllowed: false });
    expect(assess({ ...honest, signup: null })).toEqual({ refused: null, signs: [], isAllowed: false });
  });

  const alias = { emailKey: 'ana+2@loaf.example', abuseKey: ana.abuseKey, domain: 'loaf.example' };
  it.each([
    ['self_referral', { friend: { ...ana, domain: 'loaf.example' } }, 'self_referral'],
    ['alias_of_referrer', { friend: alias }, 'alias_of_referrer'],
    ['alias_of_existing', { aliasOfEarlier: true }, 'alias_of_existing'],
    ['disposable_domain', { disposable: true }, undefined],
    ['blocked', { listed: 'block' as const }, undefined],
  ])('refuses %s, and the allow list outweighs only what a publication may know better', (code, signals, allowed) => {
    expect(assess({ ...honest, ...signals }).refused?.code).toBe(code);
    expect(assess({ ...honest, ...signals, listed: 'allow' }).refused?.code).toBe(allowed);
  });

  it('says one reason, the nearest to the reader', () => {
    const all = { friend: { ...ana, domain: 'loaf.example' }, aliasOfEarlier: true, disposable: true };
    expect(assess({ ...honest, ...all, listed: 'block' }).refused?.code).toBe('self_referral');
  });

  it('keeps addresses out of the evidence', () => {
    const found = [
      assess({ ...honest, disposable: true }),
      assess({ ...honest, aliasOfEarlier: true }),
      [alreadyKnown(true)],
    ];
    expect(JSON.stringify(found)).not.toContain('@');
  });
});

describe('a sign', () => {
  const at = (network: string, more: Partial<OwnSignup> = {}) => ({ signup: { ...signup, network, ...more } });
  const browsers = [
    { network: 'home', agent: 'desk' },
    { network: 'mobile', agent: 'phone' },
  ];
  const referrerAt = { browsers, at: 23 * HOUR, signupKey: 'of ana' };
  it.each([
    ['the network of the referrer', 'same_network', { ...at('home'), referrerAt }],
    ['where the referrer confirmed', 'same_network', { ...at('mobile'), referrerAt }],
    ['the network of another friend', 'same_network', { ...at('flat'), others: others(1, { network: 'flat' }) }],
    ['the domain of the referrer', 'same_company', { house: { domain: 'loaf', referrerDomain: 'loaf', isKnown: false } }],
    ['the browser of the referrer', 'same_device', { signup: { ...signup, browserOf: 'ana' } }],
    ['a browser where the referrer signed up', 'same_device', { signup: { ...signup, earlierKey: 'of ana' }, referrerAt }],
    ['the network and the kind of browser of the referrer', 'same_device', { ...at('mobile', { at: 90 * HOUR, agent: 'phone' }), referrerAt }],
    ['the browser of another friend', 'same_device', { signup: { ...signup, browserOf: 'friend-0' }, others: others(1, {}) }],
    ['a browser where another friend signed up', 'same_device', { signup: { ...signup, earlierKey: 'x' }, others: others(1, { signupKey: 'x' }) }],
    ['five friends in ten minutes', 'velocity', { others: others(4, {}, 2 * MINUTE) }],
    ['the click of an earlier signup', 'shared_click', { signup: { ...signup, clickId: 'c' }, others: others(1, { clickId: 'c' }, HOUR) }],
    ['a script', 'machine_signs', { signup: { ...signup, isScript: true } }],
  ] as [string, string, Partial<Signals>][])('%s is %s', (_, code, signals) => {
    expect(codesOf(signals)).toEqual([code]);
  }); // prettier-ignore

  it.each([
    ['the network of the referrer two days ago', { ...at('home', { at: 48 * HOUR }), referrerAt }],
    ['the kind of browser of the referrer elsewhere', { ...at('home', { at: 90 * HOUR, agent: 'phone' }), referrerAt }],
    ['the network and the kind of browser of the referrer in the next week', { ...at('mobile', { at: 200 * HOUR, agent: 'phone' }), referrerAt }],
    ['the network and the kind of browser of a colleague', { ...at('mobile', { at: 90 * HOUR, agent: 'phone', domain: 'loaf' }), referrerAt }],
    ['a network of which nothing is known', { referrerAt: { ...referrerAt, browsers: [{ network: null, agent: null }] } }],
    ['a network of a crowd', { ...at('home'), referrerAt, others: others(4, { network: 'home' }, HOUR), isCrowded: true }],
    ['free mail of both', { house: { domain: null, referrerDomain: null, isKnown: false } }],
    ['a browser where an address was mistyped', { signup: { ...signup, earlierKey: 'x' }, others: others(1, { signupKey: 'x', isConfirmed: false }) }],
    ['a browser that shows nothing, like others', { others: others(1, { signupKey: null }) }],
    ['the browser of a stranger', { signup: { ...signup, browserOf: 'somebody' }, others: others(1, {}) }],
    ['five friends in an hour', { others: others(4, {}, 11 * MINUTE) }],
    ['the first to confirm by a click that others share', { signup: { ...signup, clickId: 'c' }, others: others(3, { clickId: 'c', isConfirmed: false }, HOUR) }],
    ['others without a click', { others: others(2, {}, HOUR) }],
  ] as [string, Partial<Signals>][])('%s is none', (_, signals) => {
    expect(codesOf(signals)).toEqual([]);
  }); // prettier-ignore

  it('speaks against nobody who is on the allow list', () => {
    const all = { ...at('home', { browserOf: 'ana', isScript: true }), referrerAt, others: others(9, { network: 'home' }) };
    expect(codesOf(all).length).toBeGreaterThan(3);
    expect(assess({ ...honest, ...all, listed: 'allow' })).toEqual({ refused: null, signs: [], isAllowed: true });
  }); // prettier-ignore
});

it('tells a referrer who signs up through their own link from somebody known', () => {
  expect(alreadyKnown(true).code).toBe('self_referral');
  expect(alreadyKnown(false).code).toBe('already_subscribed');
});
