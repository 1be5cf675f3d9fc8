import { MOST_OF_A_TEAM, newHouseOf } from './fraud/house.js';
import { machineSigns } from './fraud/machine-signs.js';
import {
  clusterOf,
  type House,
  isAtReferrers,
  isWithReferrersBrowser,
  sharesNetwork,
  velocityOf,
  withoutMistyped,
} from './fraud/neighbours.js';
import type { ConfirmTrace, OtherSignup, OwnSignup, ReferrerTrace } from './fraud/traces.js';

/** How much it takes until a person looks at a referral. */
export const FRAUD_LEVELS = ['flexible', 'strong', 'very_strong'] as const;
export type FraudLevel = (typeof FRAUD_LEVELS)[number];

/** Why a referral does not count, with what showed it. Evidence holds no address, no name and no raw IP address. */
export interface Reason {
  code: string;
  weight: number;
  evidence?: string;
}

/** A reason to look at a referral. */
export interface Sign extends Reason {
  /** Holds at every level, whatever the weights add up to. */
  holds?: true;
  /** What it holds is looked at again after some days without anybody's doing; see house.ts. */
  forDays?: true;
}

/** What is known when a friend has confirmed. */
export interface Signals {
  /** Keys are null of a referrer who was erased since the signup. */
  referrer: { subscriberId: string; emailKey: string | null; abuseKey: string | null };
  friend: { emailKey: string; abuseKey: string; domain: string };
  /** An earlier subscriber of the publication, other than the referrer, whose address leads to the same mailbox. */
  aliasOfEarlier: boolean;
  disposable: boolean;
  /** On which list of the publication the address, its domain or its network stands; `allow` where on both. */
  listed: 'allow' | 'block' | null;
  /** Null of one that left no trace, such as from before there were any. */
  signup: OwnSignup | null;
  confirmation: ConfirmTrace | null;
  referrerAt: ReferrerTrace;
  /** Other signups through the referrer's links, of before and after this one. */
  others: readonly OtherSignup[];
  house: House & { domain: string | null };
  /** Many whom others brought used the network at the time: a carrier's, a VPN's, or a proxy that hides who is behind it. */
  isCrowded: boolean;
}

export interface Findings {
  /** Refused whatever the level. */
  refused: Reason | null;
  signs: Sign[];
  /** On the allow list: no sign speaks, and no cap counts it. */
  isAllowed: boolean;
}

/** A hard check: where it speaks, the referral is refused whatever else is true. */
interface HardCheck {
  code: string;
  /** Whether the allow list outweighs it. */
  yields?: true;
  speaks: (signals: Signals) => string | null;
}

/** Weight of a hard rejection: above the strictest threshold of any level. */
const HARD = 100;

/** Leaving while the referral was held: the friend did not stay. */
export const LEFT_IN_DELAY: Reason = { code: 'left_in_delay', weight: HARD };
/** Marks of a script or a mail scanner, where a person should have been. */
export const MACHINE_SIGNS = 'machine_signs';

/** A friend whom the publication's block list names. */
export const BLOCKED: Reason = { code: 'blocked', weight: HARD, evidence: 'on the block list' };

/** Whether a reason refused a referral, at its time. */
export function isRefusal({ weight }: Reason): boolean {
  return weight >= HARD;
}

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
  { code: BLOCKED.code, yields: true, speaks: ({ listed }) => (listed === 'block' ? BLOCKED.evidence! : null) },
  {
    code: 'disposable_domain',
    yields: true,
    speaks: ({ disposable, friend }) => (disposable ? friend.domain : null),
  },
];

/** A sign: alone it may be chance, so a level says how many of them it takes. */
interface SignCheck {
  code: string;
  weight: number;
  speaks: (signals: Signals) => string | null;
}

const CLUSTER = 'cluster';

const SIGN_CHECKS: readonly SignCheck[] = [
  {
    code: 'same_network',
    weight: 1,
    speaks: ({ signup, others, referrerAt, isCrowded }) => {
      if (signup === null || isCrowded) return null;
      if (isAtReferrers(signup, referrerAt)) return 'network of the referrer within a day';
      return sharesNetwork(signup, others) ? 'network of another friend within a day' : null;
    },
  },
  {
    code: 'same_company',
    weight: 1,
    speaks: ({ house }) =>
      house.domain !== null && house.domain === house.referrerDomain ? 'domain of the referrer' : null,
  },
  {
    code: 'same_device',
    weight: 2,
    speaks: ({ signup, others, referrer, referrerAt, house, isCrowded }) => {
      if (signup === null) return null;
      const { browserOf, earlierKey } = signup;
      if (browserOf === referrer.subscriberId) return 'browser of the referrer';
      if (earlierKey !== null && earlierKey === referrerAt.signupKey) return 'browser of the referrer';
      if (!isCrowded && isWithReferrersBrowser(signup, referrerAt, house)) {
        return 'network and kind of browser of the referrer within three days';
      }
      // An earlier address that nobody confirmed was mistyped.
      const isOthers = others.some(
        ({ subscriberId, signupKey, isConfirmed }) =>
          subscriberId === browserOf || (isConfirmed && earlierKey !== null && signupKey === earlierKey),
      );
      return isOthers ? 'browser of another friend' : null;
    },
  },
  {
    code: 'velocity',
    weight: 1,
    speaks: ({ signup, others, house }) => {
      const run = signup === null ? 0 : velocityOf(signup, others, house);
      return run === 0 ? null : `${run} friends in ten minutes`;
    },
  },
  {
    code: 'shared_click',
    weight: 1,
    speaks: ({ signup, others }) => {
      if (signup?.clickId == null) return null;
      // Of those by one click the first to confirm came by it as everybody does; one that nobody confirms was mistyped.
      const before = others.filter(({ clickId, isConfirmed }) => isConfirmed && clickId === signup.clickId);
      return before.length === 0 ? null : `${before.length} before by the same click`;
    },
  },
  {
    code: CLUSTER,
    weight: 2,
    speaks: ({ signup, others, house, isCrowded }) => {
      if (signup === null) return null;
      return clusterOf(isCrowded ? { ...signup, network: null } : signup, others, house);
    },
  },
];

/** What speaks against a confirmed referral: one hard reason, else all signs. */
export function assess(signals: Signals): Findings {
  const isAllowed = signals.listed === 'allow';
  for (const check of HARD_CHECKS) {
    const evidence = isAllowed && check.yields === true ? null : check.speaks(signals);
    if (evidence !== null) {
      return { refused: { code: check.code, weight: HARD, evidence }, signs: [], isAllowed: false };
    }
  }
  return { refused: null, signs: isAllowed ? [] : signsOf(signals), isAllowed };
}

function signsOf(seen: Signals): Sign[] {
  const signals = seen.signup === null ? seen : { ...seen, others: withoutMistyped(seen.signup, seen.others) };
  const signs: Sign[] = SIGN_CHECKS.flatMap(({ code, weight, speaks }) => {
    const evidence = speaks(signals);
    return evidence === null ? [] : [{ code, weight, evidence }];
  });
  signs.push(...newHouseSign(signals, signs));
  const { found, holds } = machineSigns(signals.signup, signals.confirmation);
  if (found.length === 0) return signs;
  return [
    ...signs,
    { code: MACHINE_SIGNS, weight: 1, evidence: found.join(', '), ...(holds ? { holds: true as const } : {}) },
  ];
}

/** A cluster, too, if it is not one already. */
function newHouseSign({ signup, others, house, referrerAt }: Signals, signs: readonly Sign[]): Sign[] {
  const people = signup === null ? 0 : newHouseOf(signup, others, house, referrerAt);
  if (people === 0 || signs.some(({ code }) => code === CLUSTER)) return [];
  const sign = { code: CLUSTER, weight: 2, evidence: `${people} friends of one domain that nobody else here is of` };
  return [people > MOST_OF_A_TEAM ? sign : { ...sign, forDays: true }];
}

/** The reason for a signup of somebody whom the publication already knew. */
export function alreadyKnown(isReferrer: boolean): Reason {
  return isReferrer
    ? { code: 'self_referral', weight: HARD, evidence: 'same address' }
    : { code: 'already_subscribed', weight: HARD, evidence: 'an earlier subscriber' };
}
