/** What may become of a grant. One that is revoked comes back only when its count had fallen and is there again. */
export const GRANT_TRANSITIONS = {
  awaiting_approval: ['due', 'out_of_stock', 'revoked'],
  awaiting_claim: ['due', 'revoked'],
  due: ['sent', 'fulfilled', 'revoked'],
  sent: ['fulfilled'],
  fulfilled: [],
  revoked: ['awaiting_approval', 'due', 'capped'],
  capped: [],
  out_of_stock: ['due', 'revoked'],
} as const;

export type GrantStatus = keyof typeof GRANT_TRANSITIONS;
export type Approval = 'automated' | 'semi_manual' | 'manual';

export function grantMayBecome(from: GrantStatus, to: GrantStatus): boolean {
  return (GRANT_TRANSITIONS[from] as readonly GrantStatus[]).includes(to);
}

/**
 * Whether a person looks before a reward goes out: always where the milestone says so, and for `semi_manual` when a
 * referral that counted was ever held for review.
 */
export function needsApproval(approval: Approval, everReviewed: boolean): boolean {
  return approval === 'manual' || (approval === 'semi_manual' && everReviewed);
}

/** Whether a person may have it: taking it back is then for people to decide, not for a count that fell. */
export function isSent(status: GrantStatus): boolean {
  return status === 'sent' || status === 'fulfilled';
}
