/**
 * What may become of a grant. `awaiting_claim` is a physical one whose person has not said yet where to send it. One that is revoked
 * comes back only when its count had fallen and is there again. A prize that was flagged before it went out waits for a person.
 */
export const GRANT_TRANSITIONS = {
  awaiting_approval: ['due', 'awaiting_claim', 'out_of_stock', 'revoked'],
  awaiting_claim: ['due', 'awaiting_approval', 'revoked'],
  due: ['sent', 'fulfilled', 'awaiting_approval', 'revoked'],
  sent: ['fulfilled'],
  fulfilled: [],
  revoked: ['awaiting_approval', 'due', 'capped'],
  capped: [],
  out_of_stock: ['due', 'awaiting_approval', 'revoked'],
} as const;

/** Why a prize waits: not all of what it was won with counts now. */
export const WINNER_FLAGGED = 'winner_flagged';

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
