import type { Reason } from './fraud.js';
import type { HeldFor, ReferralState } from './referral.js';

export type ReviewDecision = 'approve' | 'reject';

/** Weights as of a hard check: nothing outweighs what a person decided. */
export const REJECTED_BY_REVIEWER: Reason = { code: 'rejected_by_reviewer', weight: 100 };
export const FRAUD_FOUND: Reason = { code: 'fraud_found', weight: 100 };

/** The reasons with one more, last and once: also when a reviewer rejects a second time. */
export function withReason(reasons: readonly Reason[], added: Reason): Reason[] {
  return [...reasons.filter(({ code }) => code !== added.code), added];
}

/** What a reviewer's decision does to a referral; where it does nothing, why. */
export type ReviewStep =
  | { do: 'end_review' | 'verify' | 'reject' | 'reverse' }
  | { do: 'nothing'; because: 'unchanged' | 'wrong_state'; detail: string };

interface Reviewed {
  state: ReferralState;
  heldFor: HeldFor | null;
  /** Whether the friend's address is confirmed: nothing counts without that, whoever decides. */
  isFriendConfirmed: boolean;
}

export function reviewStep(decision: ReviewDecision, referral: Reviewed): ReviewStep {
  return decision === 'approve' ? approval(referral) : rejection(referral);
}

/** Of what is held it ends the review alone. What was refused or taken back counts at once: a person decided. */
function approval({ state, heldFor, isFriendConfirmed }: Reviewed): ReviewStep {
  switch (state) {
    case 'held':
      return heldFor === 'review'
        ? { do: 'end_review' }
        : nothing('unchanged', `It waits for its ${heldFor}, not for a reviewer.`);
    case 'rejected':
    case 'reversed':
      return isFriendConfirmed
        ? { do: 'verify' }
        : nothing('wrong_state', 'The friend has not confirmed the address, so it cannot count.');
    case 'verified':
      return nothing('unchanged', 'It counts already.');
    case 'pending':
      return nothing('wrong_state', 'The friend has not confirmed the address, so it cannot count yet.');
    case 'expired':
      return nothing('wrong_state', 'It expired without a confirmation; the friend may sign up again.');
  }
}

function rejection({ state }: Reviewed): ReviewStep {
  switch (state) {
    case 'pending':
    case 'held':
      return { do: 'reject' };
    case 'verified':
      return { do: 'reverse' };
    case 'rejected':
      return nothing('unchanged', 'It was rejected before.');
    case 'reversed':
      return nothing('unchanged', 'It was taken back before.');
    case 'expired':
      return nothing('wrong_state', 'It expired without a confirmation, so there is nothing to reject.');
  }
}

function nothing(because: 'unchanged' | 'wrong_state', detail: string): ReviewStep {
  return { do: 'nothing', because, detail };
}
