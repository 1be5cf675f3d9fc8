import { describe, expect, it } from 'vitest';
import { expiredIfMadeBefore, expiresAt, mayBecome, type ReferralState, settle, TRANSITIONS } from './referral.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const STATES = Object.keys(TRANSITIONS) as ReferralState[];

describe('referral states', () => {
  it('are all reachable from pending', () => {
    const reached = new Set<ReferralState>(['pending']);
    for (const state of reached) {
      for (const next of TRANSITIONS[state]) reached.add(next);
    }
    expect([...reached].sort()).toEqual([...STATES].sort());
  });

  it.each([
    ['pending', 'held verified rejected expired'],
    ['held', 'verified rejected'],
    ['verified', 'reversed'],
    ['rejected', 'held verified'],
    ['expired', 'pending'],
    ['reversed', 'verified'],
  ] as [ReferralState, string][])('%s may become %s and nothing else', (from, allowed) => {
    expect(STATES.filter((to) => mayBecome(from, to)).sort()).toEqual(allowed.split(' ').sort());
  });
});

describe('settle', () => {
  it('refuses for any reason, also where there is a delay', () => {
    expect(settle([{ code: 'self_referral' }], 7, NOW)).toEqual({ state: 'rejected' });
  });
  it('holds for the days of the program', () => {
    expect(settle([], 7, NOW)).toEqual({
      state: 'held',
      heldFor: 'delay',
      heldUntil: new Date('2026-11-28T12:00:00Z'),
    });
  });
  it('counts at once without a delay', () => {
    expect(settle([], 0, NOW)).toEqual({ state: 'verified' });
  });
});

it('a referral expires 14 days after the signup, to the millisecond', () => {
  expect(expiresAt(NOW)).toEqual(new Date('2026-12-05T12:00:00Z'));
  expect(expiredIfMadeBefore(expiresAt(NOW))).toEqual(NOW);
});
