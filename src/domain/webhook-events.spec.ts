import { expect, it } from 'vitest';
import { isLowStock, WEBHOOK_EVENTS } from './webhook-events.js';

it('names the events of the contract, and no other', () => {
  expect(Object.keys(WEBHOOK_EVENTS)).toEqual([
    'subscriber.created', 'subscriber.confirmed', 'subscriber.unsubscribed', 'referral.pending', 'referral.held', 'referral.verified',
    'referral.rejected', 'referral.reversed', 'lead.qualified', 'lead.purchased', 'milestone.reached', 'grant.sent', 'grant.fulfilled',
    'grant.revoked', 'reward.low_stock', 'participant.applied',
  ]); // prettier-ignore
});

it.each([
  [1000, 101, false],
  [1000, 100, true],
  [1000, 0, true],
  [100, 26, false],
  [100, 25, true],
  [10, 9, true],
])('of %i codes %i left is low: %s', (total, free, expected) => {
  expect(isLowStock({ total, free })).toBe(expected);
});
