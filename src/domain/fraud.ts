/** How much it takes until a person looks at a referral. */
export const FRAUD_LEVELS = ['flexible', 'strong', 'very_strong'] as const;
export type FraudLevel = (typeof FRAUD_LEVELS)[number];

/** Why a referral does not count, with what showed it. Evidence holds no address and no name. */
export interface Reason {
  code: string;
  weight: number;
  evidence?: string;
}

/** What is known when a friend has confirmed. */
export interface Signals {
  /** Null of a referrer who was erased since the signup. */
  referrer: { emailKey: string | null; abuseKey: string | null };
  friend: { emailKey: string; abuseKey: string; domain: string };
  /** An earlier subscriber of the publication, other than the referrer, whose address leads to the same mailbox. */
  aliasOfEarlier: boolean;
  disposable: boolean;
}

/** A hard check: where it speaks, the referral is refused whatever else is true. */
interface HardCheck {
  code: string;
  speaks(signals: Signals): string | null;
}

/** Weight of a hard rejection: above the strictest threshold of any level. */
const HARD = 100;

/** Leaving while the referral was held: the friend did not stay. */
export const LEFT_IN_DELAY: Reason = { code: 'left_in_delay', weight: HARD };

/** In the order in which a reader is told: the first that speaks says it all. */
const HARD_CHECKS: readonly HardCheck[] = [
  {
    code: 'self_referral',
    speaks: ({ referrer, friend }) => (referrer.emailKey === friend.emailKey ? 'same address' : null),
  },
  {
    code: 'alias_of_referrer',
    speaks: ({ referrer, friend }) => (referrer.abuseKey === friend.abuseKey ? 'same mailbox as the referrer' : null),
  },
  {
    code: 'alias_of_existing',
    speaks: ({ aliasOfEarlier }) => (aliasOfEarlier ? 'same mailbox as an earlier subscriber' : null),
  },
  { code: 'disposable_domain', speaks: ({ disposable, friend }) => (disposable ? friend.domain : null) },
];

/** The reasons for which a confirmed referral is refused; empty when it may count. */
export function assess(signals: Signals): Reason[] {
  for (const check of HARD_CHECKS) {
    const evidence = check.speaks(signals);
    if (evidence !== null) return [{ code: check.code, weight: HARD, evidence }];
  }
  return [];
}

/** The reason for a signup of somebody whom the publication already knew. */
export function alreadyKnown(isReferrer: boolean): Reason {
  return isReferrer
    ? { code: 'self_referral', weight: HARD, evidence: 'same address' }
    : { code: 'already_subscribed', weight: HARD, evidence: 'an earlier subscriber' };
}
