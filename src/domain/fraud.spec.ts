import { describe, expect, it } from 'vitest';
import { alreadyKnown, assess, type Signals } from './fraud.js';

const ana = { emailKey: 'ana@loaf.example', abuseKey: 'ana@loaf.example' };
const ben = { emailKey: 'ben@rye.example', abuseKey: 'ben@rye.example', domain: 'rye.example' };
const honest: Signals = { referrer: ana, friend: ben, aliasOfEarlier: false, disposable: false };

describe('assess', () => {
  it('finds nothing against an honest friend', () => {
    expect(assess(honest)).toEqual([]);
  });

  it.each([
    ['self_referral', { friend: { ...ana, domain: 'loaf.example' } }],
    [
      'alias_of_referrer',
      { friend: { emailKey: 'ana+2@loaf.example', abuseKey: ana.abuseKey, domain: 'loaf.example' } },
    ],
    ['alias_of_existing', { aliasOfEarlier: true }],
    ['disposable_domain', { disposable: true }],
  ])('refuses %s', (code, signals) => {
    expect(assess({ ...honest, ...signals }).map((reason) => reason.code)).toEqual([code]);
  });

  it('says one reason, the nearest to the reader', () => {
    const all = { referrer: ana, friend: { ...ana, domain: 'loaf.example' }, aliasOfEarlier: true, disposable: true };
    expect(assess(all).map((reason) => reason.code)).toEqual(['self_referral']);
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

it('tells a referrer who signs up through their own link from somebody known', () => {
  expect(alreadyKnown(true).code).toBe('self_referral');
  expect(alreadyKnown(false).code).toBe('already_subscribed');
});
