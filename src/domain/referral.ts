/** States of a referral and what they may become; see the table in docs/glossary.md. */
export const TRANSITIONS = {
  pending: ['held', 'verified', 'rejected', 'expired'],
  held: ['verified', 'rejected'],
  verified: ['reversed'],
  rejected: ['held', 'verified'],
  expired: ['pending'],
  reversed: ['verified'],
} as const;

export type ReferralState = keyof typeof TRANSITIONS;

/** Why a confirmed referral does not count yet, in the order in which it is held. */
export const HOLDS = ['review', 'delay', 'engagement'] as const;
export type HeldFor = (typeof HOLDS)[number];

/** Where a referral stands. `heldFor` is null in every state but `held`. */
export interface Standing {
  state: ReferralState;
  heldFor: HeldFor | null;
}

/** How long a friend has for pressing the button in the confirm mail before the referrer is no longer bound. */
const CONFIRM_WITHIN_DAYS = 14;

const DAY_MS = 86_400_000;

/** A held referral may also go on to a later hold: that is no other state, but a step like any other. */
export function mayBecome(from: Standing, to: Standing): boolean {
  if (from.state === 'held' && to.state === 'held') {
    return from.heldFor !== null && to.heldFor !== null && HOLDS.indexOf(to.heldFor) > HOLDS.indexOf(from.heldFor);
  }
  return (TRANSITIONS[from.state] as readonly ReferralState[]).includes(to.state);
}

/** The moment from which an unconfirmed referral is expired. */
export function expiresAt(createdAt: Date): Date {
  return new Date(createdAt.getTime() + CONFIRM_WITHIN_DAYS * DAY_MS);
}

/** The last moment by which a referral must have been made to be expired now. */
export function expiredIfMadeBefore(now: Date): Date {
  return new Date(now.getTime() - CONFIRM_WITHIN_DAYS * DAY_MS);
}

/** What a program asks of a friend beyond confirming. */
export interface Patience {
  /** Days for which the friend must stay. */
  holdDays: number;
  /** Whether the friend must click in a mail. */
  requireEngagement: boolean;
}

/** What is known of a confirmed referral when it is asked what still holds it. */
export interface Waiting {
  /** The hold that it is in; null when it has just been confirmed and needs no review. */
  heldFor: HeldFor | null;
  heldUntil: Date | null;
  confirmedAt: Date;
  /** When the friend first clicked in a mail. */
  engagedAt: Date | null;
}

export type Settled = { state: 'held'; heldFor: HeldFor; heldUntil: Date | null } | { state: 'verified' };

/**
 * What holds a confirmed referral next, now that a review is over or was not needed; `verified` when nothing does. The delay is
 * counted from the confirmation, so that a review takes nobody longer than the delay alone; one that has begun keeps its end,
 * whatever the program says since.
 */
export function settle(waiting: Waiting, { holdDays, requireEngagement }: Patience, now: Date): Settled {
  const hasWaited = waiting.heldFor === 'engagement';
  const delayEnds =
    waiting.heldFor === 'delay' && waiting.heldUntil !== null
      ? waiting.heldUntil
      : new Date(waiting.confirmedAt.getTime() + holdDays * DAY_MS);
  if (!hasWaited && delayEnds > now) return { state: 'held', heldFor: 'delay', heldUntil: delayEnds };
  if (requireEngagement && waiting.engagedAt === null) return { state: 'held', heldFor: 'engagement', heldUntil: null };
  return { state: 'verified' };
}
