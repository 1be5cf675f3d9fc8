import { describe, expect, test } from 'vitest';
import { friendKind, mayAppeal, statesOf, toldReason } from './friend.js';
import { type HeldFor, type ReferralState, TRANSITIONS } from './referral.js';

const reasonsOf = (...codes: string[]) => codes.map((code) => ({ code, weight: 1 }));

test('every state is of one kind, and each kind has its states', () => {
  const states = Object.keys(TRANSITIONS) as ReferralState[];
  for (const kind of ['counted', 'waiting', 'refused'] as const) {
    expect(statesOf(kind)).toEqual(expect.arrayContaining(states.filter((state) => friendKind(state) === kind)));
  }
  expect((['counted', 'waiting', 'refused'] as const).flatMap(statesOf).sort()).toEqual(states.sort());
});

describe('the reason that a referrer reads', () => {
  test.each<[ReferralState, HeldFor | null, string[], string | null]>([
    ['verified', null, ['same_network'], null],
    ['pending', null, [], 'not_confirmed'],
    ['expired', null, [], 'expired'],
    ['reversed', null, ['fraud_found'], 'reversed'],
    ['held', 'delay', ['same_device'], 'waiting_delay'],
    ['held', 'engagement', [], 'waiting_engagement'],
    ['held', 'engagement', ['machine_signs'], 'waiting_engagement'],
    ['held', 'review', [], 'waiting_review'],
    ['held', 'review', ['same_network', 'velocity'], 'velocity'],
    // A press of the friend does not end a review that has other grounds, which the words for it would promise.
    ['held', 'review', ['same_network', 'machine_signs'], 'same_network'],
    ['held', 'review', ['machine_signs'], 'machine_signs'],
    ['held', 'review', ['machine_signs', 'over_cap'], 'velocity'],
    // After an appeal what had refused it is still among its reasons.
    ['held', 'review', ['alias_of_referrer'], 'waiting_review'],
    ['held', 'review', ['machine_signs', 'rejected_by_reviewer'], 'waiting_review'],
    ['rejected', null, ['alias_of_referrer'], 'alias_of_referrer'],
    ['rejected', null, ['alias_of_referrer', 'rejected_by_reviewer'], 'alias_of_referrer'],
    ['rejected', null, ['same_device', 'rejected_by_reviewer'], 'rejected_by_reviewer'],
    ['rejected', null, ['same_device', 'left_in_delay'], 'left_in_delay'],
    ['rejected', null, ['honeypot'], 'blocked'],
    ['rejected', null, [], 'blocked'],
  ])('of one that is %s, held for %s, with %s', (state, heldFor, codes, told) => {
    expect(toldReason({ state, heldFor, reasons: reasonsOf(...codes) })).toBe(told);
  });
});

describe('an appeal', () => {
  const rejected = {
    state: 'rejected' as ReferralState,
    heldFor: null,
    reasons: reasonsOf('alias_of_referrer'),
    isAppealed: false,
    isFriendErased: false,
  };

  test('is open for what was refused for a reason that may be disputed', () => {
    expect(mayAppeal(rejected)).toBe(true);
    expect(mayAppeal({ ...rejected, reasons: reasonsOf('same_device', 'rejected_by_reviewer') })).toBe(true);
  });

  test.each([
    ['it was appealed before', { isAppealed: true }],
    ['the friend is erased', { isFriendErased: true }],
    ['the friend left', { reasons: reasonsOf('same_device', 'left_in_delay') }],
    ['it is held', { state: 'held' as const, heldFor: 'review' as const }],
    ['it counts', { state: 'verified' as const }],
    ['it was taken back', { state: 'reversed' as const, reasons: reasonsOf('fraud_found') }],
    ['it expired', { state: 'expired' as const }],
  ])('is closed where %s', (_, change) => {
    expect(mayAppeal({ ...rejected, ...change })).toBe(false);
  });
});
