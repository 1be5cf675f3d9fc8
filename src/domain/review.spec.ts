import { describe, expect, test } from 'vitest';
import { type HeldFor, mayBecome, type ReferralState } from './referral.js';
import { REJECTED_BY_REVIEWER, type ReviewDecision, reviewStep, withReason } from './review.js';

const CASES: [ReviewDecision, ReferralState, HeldFor | null, string][] = [
  ['approve', 'pending', null, 'wrong_state'],
  ['approve', 'held', 'review', 'end_review'],
  ['approve', 'held', 'delay', 'unchanged'],
  ['approve', 'held', 'engagement', 'unchanged'],
  ['approve', 'verified', null, 'unchanged'],
  ['approve', 'rejected', null, 'verify'],
  ['approve', 'expired', null, 'wrong_state'],
  ['approve', 'reversed', null, 'verify'],
  ['reject', 'pending', null, 'reject'],
  ['reject', 'held', 'review', 'reject'],
  ['reject', 'held', 'delay', 'reject'],
  ['reject', 'held', 'engagement', 'reject'],
  ['reject', 'verified', null, 'reverse'],
  ['reject', 'rejected', null, 'unchanged'],
  ['reject', 'expired', null, 'wrong_state'],
  ['reject', 'reversed', null, 'unchanged'],
];
/** The state that a step leads to. */
const LEADS_TO = { end_review: 'verified', verify: 'verified', reject: 'rejected', reverse: 'reversed' } as const;

describe("a reviewer's decision", () => {
  test.each(CASES)('to %s one that is %s (%s) is %s', (decision, state, heldFor, expected) => {
    const step = reviewStep(decision, { state, heldFor, isFriendConfirmed: true });
    expect(step.do === 'nothing' ? step.because : step.do).toBe(expected);
    if (step.do === 'nothing') expect(step.detail).toMatch(/^[A-Z].+\.$/);
    else expect(mayBecome({ state, heldFor }, { state: LEADS_TO[step.do], heldFor: null })).toBe(true);
  });

  test.each(['rejected', 'reversed'] as const)('lets no unconfirmed address count that is %s', (state) => {
    expect(reviewStep('approve', { state, heldFor: null, isFriendConfirmed: false })).toMatchObject({
      because: 'wrong_state',
    });
  });
});

test('a reason stands once, as the last', () => {
  const alias = { code: 'alias_of_referrer', weight: 100 };
  const once = withReason([alias], REJECTED_BY_REVIEWER);
  expect(once).toEqual([alias, REJECTED_BY_REVIEWER]);
  expect(withReason(once, REJECTED_BY_REVIEWER)).toEqual(once);
});
