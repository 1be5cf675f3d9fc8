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

/** Why a confirmed referral does not count yet. */
export type HeldFor = 'delay' | 'engagement' | 'review';

/** How long a friend has for pressing the button in the confirm mail before the referrer is no longer bound. */
const CONFIRM_WITHIN_DAYS = 14;

const DAY_MS = 86_400_000;

export function mayBecome(from: ReferralState, to: ReferralState): boolean {
  return (TRANSITIONS[from] as readonly ReferralState[]).includes(to);
}

/** The moment from which an unconfirmed referral is expired. */
export function expiresAt(createdAt: Date): Date {
  return new Date(createdAt.getTime() + CONFIRM_WITHIN_DAYS * DAY_MS);
}

/** The last moment by which a referral must have been made to be expired now. */
export function expiredIfMadeBefore(now: Date): Date {
  return new Date(now.getTime() - CONFIRM_WITHIN_DAYS * DAY_MS);
}

/** What a confirmed referral becomes: refused with reasons, held for the program's delay, or counted. */
export function settle(
  reasons: readonly unknown[],
  holdDays: number,
  now: Date,
): { state: 'rejected' } | { state: 'held'; heldFor: HeldFor; heldUntil: Date } | { state: 'verified' } {
  if (reasons.length > 0) return { state: 'rejected' };
  if (holdDays > 0) return { state: 'held', heldFor: 'delay', heldUntil: new Date(now.getTime() + holdDays * DAY_MS) };
  return { state: 'verified' };
}
