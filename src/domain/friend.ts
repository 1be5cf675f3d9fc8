import { MACHINE_SIGNS, type Reason } from './fraud.js';
import type { HeldFor, ReferralState } from './referral.js';
import { isAppealable, phaseOf, type ToldReason, toldAs } from './reasons.js';

/** How a referral stands, in the words of its referrer's page. */
export type FriendKind = 'counted' | 'waiting' | 'refused';

const KINDS: Record<ReferralState, FriendKind> = {
  verified: 'counted',
  ...{ pending: 'waiting', held: 'waiting' },
  ...{ rejected: 'refused', expired: 'refused', reversed: 'refused' },
} as const;

export function friendKind(state: ReferralState): FriendKind {
  return KINDS[state];
}

/** The states that are told as one kind. */
export function statesOf(kind: FriendKind): ReferralState[] {
  return (Object.keys(KINDS) as ReferralState[]).filter((state) => KINDS[state] === kind);
}

interface Told {
  state: ReferralState;
  heldFor: HeldFor | null;
  reasons: readonly Reason[];
}

/** Why a referral does not count (yet), as its referrer reads it; null when it counts. */
export function toldReason({ state, heldFor, reasons }: Told): ToldReason | null {
  switch (state) {
    case 'verified':
      return null;
    case 'pending':
      return 'not_confirmed';
    case 'held':
      return toldAs('waiting', waitingFor(heldFor, reasons));
    case 'rejected':
      return toldAs('refused', refusedFor(reasons));
    case 'expired':
    case 'reversed':
      return state;
  }
}

/**
 * The newest sign that made somebody look, or that they look again after an appeal. That a machine confirmed is told only where
 * nothing else speaks: then the friend's own press ends the wait.
 */
function waitingFor(heldFor: HeldFor | null, reasons: readonly Reason[]): string {
  const codes = reasons.map(({ code }) => code);
  if (heldFor !== 'review' || codes.some((code) => phaseOf(code) === 'refused')) return `waiting_${heldFor}`;
  return codes.findLast((code) => code !== MACHINE_SIGNS) ?? codes.at(-1) ?? 'waiting_review';
}

/** What refused it last. A reviewer who looked again has added nothing that a reader could learn from. */
function refusedFor(reasons: readonly Reason[]): string {
  const refusals = reasons.map(({ code }) => code).filter((code) => phaseOf(code) !== 'waiting');
  return refusals.findLast((code) => code !== 'rejected_by_reviewer') ?? refusals.at(-1) ?? 'blocked';
}

/** Whether its referrer may ask that a person looks at it again: once, and while its friend is still somebody. */
export function mayAppeal(referral: Told & { isAppealed: boolean; isFriendErased: boolean }): boolean {
  const { state, reasons, isAppealed, isFriendErased } = referral;
  return state === 'rejected' && !isAppealed && !isFriendErased && isAppealable(refusedFor(reasons));
}
