import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expiredIfMadeBefore,
  expiresAt,
  type HeldFor,
  HOLDS,
  mayBecome,
  type ReferralState,
  settle,
  type Standing,
  TRANSITIONS,
} from './referral.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const DAY_MS = 86_400_000;
const STATES = Object.keys(TRANSITIONS) as ReferralState[];
const after = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);

const at = (state: ReferralState, heldFor: HeldFor | null = state === 'held' ? 'review' : null): Standing => ({
  state,
  heldFor,
});

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
    expect(STATES.filter((to) => mayBecome(at(from), at(to))).sort()).toEqual(allowed.split(' ').sort());
  });

  it('are held for a review, then for the delay, then for a click, and never again for what is over', () => {
    const steps = HOLDS.flatMap((from) => HOLDS.map((to) => [from, to] as const));
    expect(steps.filter(([from, to]) => mayBecome(at('held', from), at('held', to)))).toEqual([
      ['review', 'delay'],
      ['review', 'engagement'],
      ['delay', 'engagement'],
    ]);
  });
});

describe('settle', () => {
  const open = { heldFor: null, heldUntil: null, confirmedAt: NOW, engagedAt: null };
  const counted = 'verified';
  it.each([
    ['asks for nothing', {}, {}, counted, null],
    ['asks for a delay', { holdDays: 7 }, {}, 'delay', after(7)],
    ['asks for a delay that the review took', { holdDays: 7 }, { heldFor: 'review', confirmedAt: after(-7) }, counted, null],
    ['has a delay left after the review', { holdDays: 7 }, { heldFor: 'review', confirmedAt: after(-3) }, 'delay', after(4)],
    ['is at the end of its delay', { holdDays: 7 }, { heldFor: 'delay', heldUntil: NOW, confirmedAt: after(-7) }, counted, null],
    ['was made more patient meanwhile', { holdDays: 30 }, { heldFor: 'delay', heldUntil: NOW, confirmedAt: after(-7) }, counted, null],
    ['was made less patient meanwhile', { holdDays: 0 }, { heldFor: 'delay', heldUntil: after(2) }, 'delay', after(2)],
    ['asks for a click', { requireEngagement: true }, {}, 'engagement', null],
    ['has had its click', { requireEngagement: true }, { engagedAt: NOW }, counted, null],
    ['asks for a delay, then a click', { holdDays: 1, requireEngagement: true }, {}, 'delay', after(1)],
    ['has its click before its delay is over', { holdDays: 1, requireEngagement: true }, { engagedAt: NOW }, 'delay', after(1)],
    ['asks for a click after the delay', { holdDays: 1, requireEngagement: true }, { heldFor: 'delay', heldUntil: NOW }, 'engagement', null],
    ['asks no more for the click it was held for', {}, { heldFor: 'engagement' }, counted, null],
    ['was held for a click before a delay was asked for', { holdDays: 9, requireEngagement: true }, { heldFor: 'engagement', engagedAt: NOW }, counted, null],
  ] as const)('a referral whose program or friend %s', (_, asked, known, expected, heldUntil) => {
    const patience = { holdDays: 0, requireEngagement: false, ...asked };
    expect(settle({ ...open, ...known }, patience, NOW)).toEqual(
      expected === counted ? { state: counted } : { state: 'held', heldFor: expected, heldUntil },
    );
  }); // prettier-ignore

  it('goes only to a later hold, never back, and ends when time and a click have come', () => {
    const anyPatience = fc.record({ holdDays: fc.integer({ min: 0, max: 30 }), requireEngagement: fc.boolean() });
    fc.assert(
      fc.property(anyPatience, fc.constantFrom(null, ...HOLDS), fc.array(fc.integer({ min: 0, max: 20 })), (patience, first, days) => {
        let waiting = { ...open, heldFor: first, heldUntil: first === 'delay' ? after(3) : null };
        let now = NOW;
        for (const later of [...days, 60]) {
          now = new Date(now.getTime() + later * DAY_MS);
          const engagedAt = now >= after(30) ? now : null;
          const settled = settle({ ...waiting, engagedAt }, patience, now);
          if (settled.state === 'verified') return;
          const isStep = settled.heldFor !== waiting.heldFor;
          if (isStep && waiting.heldFor !== null) {
            expect(mayBecome({ state: 'held', heldFor: waiting.heldFor }, settled)).toBe(true);
          }
          waiting = { ...waiting, heldFor: settled.heldFor, heldUntil: settled.heldUntil };
        }
        expect.fail('held for ever');
      }),
    ); // prettier-ignore
  });
});

it('a referral expires 14 days after the signup, to the millisecond', () => {
  expect(expiresAt(NOW)).toEqual(new Date('2026-12-05T12:00:00Z'));
  expect(expiredIfMadeBefore(expiresAt(NOW))).toEqual(NOW);
});
