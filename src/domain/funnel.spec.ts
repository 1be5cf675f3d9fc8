import { describe, expect, it } from 'vitest';
import { type FunnelCounts, parseFunnelBy, rates } from './funnel.js';

const none: FunnelCounts = { shares: 0, clicks: 0, visitors: 0, signups: 0, verified: 0, qualified: 0, purchased: 0 };

describe('rates', () => {
  it.each<[string, Partial<FunnelCounts>, (number | null)[]]>([
    ['nothing at all', {}, [null, null, null, null]],
    ['clicks without signups', { clicks: 10 }, [0, null, null, null]],
    [
      'each by the step before',
      { shares: 1000, clicks: 200, visitors: 150, signups: 50, verified: 40, qualified: 10, purchased: 1 },
      [0.25, 0.8, 0.25, 0.1],
    ],
    ['rounded to 4 places', { clicks: 3, signups: 2, verified: 1 }, [0.6667, 0.5, 0, null]],
    ['half up', { clicks: 20_000, signups: 1 }, [0.0001, 0, null, null]],
    ['below half', { clicks: 20_001, signups: 1 }, [0, 0, null, null]],
    ['more than before: other days', { signups: 2, verified: 3 }, [null, 1.5, 0, null]],
    ['a base of 0 with a step behind it', { verified: 0, qualified: 2, purchased: 2 }, [null, null, null, 1]],
  ])('%s', (_, counts, expected) => {
    const r = rates({ ...none, ...counts });
    expect([r.clickToSignup, r.signupToVerified, r.verifiedToQualified, r.qualifiedToPurchased]).toEqual(expected);
  });
});

describe('parseFunnelBy', () => {
  it.each([
    ['total', []],
    ['content', ['content']],
    ['content,channel', ['content', 'channel']],
    ['program,day', ['program', 'day']],
    ['content,content', null],
    ['content,total', null],
    ['content,channel,day', null],
    ['content, channel', null],
    ['colour', null],
    ['', null],
  ])('%s', (text, expected) => {
    expect(parseFunnelBy(text)).toEqual(expected);
  });

  it('counts clicks by presses', () => {
    expect(rates({ ...none, shares: 4, clicks: 6 }).shareToClick).toBe(1.5);
  });
});
