import { describe, expect, it } from 'vitest';
import { GRANT_TRANSITIONS, grantMayBecome, type GrantStatus, needsApproval } from './grants.js';

const STATUSES = Object.keys(GRANT_TRANSITIONS) as GrantStatus[];

describe('grant statuses', () => {
  it('never go back from what a reader has seen', () => {
    for (const seen of ['sent', 'fulfilled'] as const) {
      expect(STATUSES.filter((to) => grantMayBecome(seen, to) && to !== 'fulfilled')).toEqual([]);
    }
  });
  it('can be revoked exactly until they are sent', () => {
    expect(STATUSES.filter((from) => grantMayBecome(from, 'revoked')).sort()).toEqual([
      'awaiting_approval',
      'awaiting_claim',
      'due',
      'out_of_stock',
    ]);
  });
  it('may be put before a person exactly until they are sent', () => {
    expect(STATUSES.filter((from) => grantMayBecome(from, 'awaiting_approval')).sort()).toEqual([
      ...['awaiting_claim', 'due', 'out_of_stock', 'revoked'],
    ]);
  });
});

it.each([
  ['automated', false, false],
  ['automated', true, false],
  ['semi_manual', false, false],
  ['semi_manual', true, true],
  ['manual', false, true],
] as const)('%s, ever reviewed %s: a person looks %s', (approval, everReviewed, waits) => {
  expect(needsApproval(approval, everReviewed)).toBe(waits);
});
