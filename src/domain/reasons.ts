import type { Reason } from './fraud.js';

/**
 * `refusal`: a hard check. `decision`: of a person. `sign`: a check that adds to a sum. `hold`: waits for a person, accuses nobody.
 * `wait`: what time or the friend decides. `end`: how a referral ended. Readers are told the first four of a rejected referral
 * as "does not count" only where they are refusals, decisions or ends; the others say what a referral waits for.
 */
type ReasonKind = 'refusal' | 'decision' | 'sign' | 'hold' | 'wait' | 'end';

interface ReasonEntry {
  kind: ReasonKind;
  /** Exactly what it means, for staff. */
  sentence: string;
  /** Whose words the referrer reads: its `own`, or those of a code that says less. */
  words: string;
  /** Whether the referrer may ask that a person looks again. */
  appeal: boolean;
}

/**
 * Every reason that a referral can have, and the states that are told like one. The codes are part of the API: added, never
 * renamed. A code that would tell of a friend's employer or purchases, or of how a check works, lends the words of another.
 */
export const REASONS = {
  self_referral: {
    kind: 'refusal',
    sentence: 'The friend signed up with the address of the referrer.',
    words: 'own',
    appeal: true,
  },
  alias_of_referrer: {
    kind: 'refusal',
    sentence: "The friend's address leads to the mailbox of the referrer.",
    words: 'own',
    appeal: true,
  },
  alias_of_existing: {
    kind: 'refusal',
    sentence: "The friend's address leads to the mailbox of somebody who had confirmed before.",
    words: 'own',
    appeal: true,
  },
  already_subscribed: {
    kind: 'refusal',
    sentence:
      "The friend's address had been confirmed before, perhaps under a reader who has left or was erased since.",
    words: 'own',
    appeal: true,
  },
  disposable_domain: {
    kind: 'refusal',
    sentence: "The domain of the friend's address gives out throw-away mailboxes.",
    words: 'own',
    appeal: true,
  },
  honeypot: {
    kind: 'refusal',
    sentence: 'The signup filled in a field that people do not see.',
    words: 'blocked',
    appeal: true,
  },
  blocked: {
    kind: 'refusal',
    sentence: "The friend's address, domain or network is on the block list of the publication.",
    words: 'own',
    appeal: true,
  },
  left_in_delay: {
    kind: 'refusal',
    sentence: 'The friend left, bounced or was erased while the referral was held.',
    words: 'own',
    appeal: false,
  },
  rejected_by_reviewer: {
    kind: 'decision',
    sentence: 'A person looked at the referral and decided that it does not count.',
    words: 'own',
    appeal: true,
  },
  fraud_found: {
    kind: 'decision',
    sentence: 'The referral counted, and a person took it back.',
    words: 'reversed',
    appeal: false,
  },
  refunded: {
    kind: 'decision',
    sentence: "The referral counted, and was taken back because the friend's purchase was refunded.",
    words: 'reversed',
    appeal: false,
  },
  same_network: {
    kind: 'sign',
    sentence: 'The friend signed up from a network that the referrer, or another friend of theirs, used within a day.',
    words: 'own',
    appeal: false,
  },
  same_company: {
    kind: 'sign',
    sentence: "The friend's address is at the company domain of the referrer.",
    words: 'waiting_review',
    appeal: false,
  },
  same_device: {
    kind: 'sign',
    sentence: 'The friend signed up in a browser that the referrer, or another friend of theirs, uses.',
    words: 'own',
    appeal: false,
  },
  velocity: {
    kind: 'sign',
    sentence: 'More friends than usual signed up through this link in a short time.',
    words: 'own',
    appeal: false,
  },
  machine_signs: {
    kind: 'sign',
    sentence: 'The signup or the confirmation looks like the work of a program.',
    words: 'own',
    appeal: false,
  },
  shared_click: {
    kind: 'sign',
    sentence: 'The click that brought the friend had brought another signup before.',
    words: 'waiting_review',
    appeal: false,
  },
  cluster: {
    kind: 'sign',
    sentence: 'The signup is one of several of this referrer that look alike.',
    words: 'waiting_review',
    appeal: false,
  },
  over_cap: {
    kind: 'hold',
    sentence: 'The referrer brought more friends in an hour or a day than the fraud level lets through without a look.',
    words: 'velocity',
    appeal: false,
  },
  not_confirmed: {
    kind: 'wait',
    sentence: 'The friend has not yet pressed the button in the confirm mail.',
    words: 'own',
    appeal: false,
  },
  waiting_delay: {
    kind: 'wait',
    sentence: "The friend has to stay subscribed for the program's days.",
    words: 'own',
    appeal: false,
  },
  waiting_engagement: {
    kind: 'wait',
    sentence: 'The friend has to follow a link in a mail, since the program asks for a sign of a person.',
    words: 'own',
    appeal: false,
  },
  waiting_review: {
    kind: 'wait',
    sentence: 'A person has to look at the referral.',
    words: 'own',
    appeal: false,
  },
  expired: {
    kind: 'end',
    sentence: 'The friend did not confirm within 14 days.',
    words: 'own',
    appeal: false,
  },
  reversed: {
    kind: 'end',
    sentence: 'The referral counted and was taken back.',
    words: 'own',
    appeal: false,
  },
} as const satisfies Record<string, ReasonEntry>;

export type ReasonCode = keyof typeof REASONS;

/** Codes that readers have words for: `friend.{code}.chip` and `.text` in templates/messages. */
export type ToldReason = {
  [Code in ReasonCode]: (typeof REASONS)[Code]['words'] extends 'own' ? Code : never;
}[ReasonCode];

/** Whether a referral with such a reason waits for something, or is refused. */
export type Phase = 'waiting' | 'refused';

const PHASES: Record<ReasonKind, Phase> = {
  ...{ sign: 'waiting', hold: 'waiting', wait: 'waiting' },
  ...{ refusal: 'refused', decision: 'refused', end: 'refused' },
} as const;

function isKnown(code: string): code is ReasonCode {
  return Object.hasOwn(REASONS, code);
}

export function phaseOf(code: string): Phase | null {
  return isKnown(code) ? PHASES[REASONS[code].kind] : null;
}

/** Whose words a referrer reads for a reason. A code without an entry, or of the other phase, is told as the plain case. */
export function toldAs(phase: Phase, code: string): ToldReason {
  if (!isKnown(code) || phaseOf(code) !== phase) return phase === 'waiting' ? 'waiting_review' : 'blocked';
  const { words } = REASONS[code];
  return words === 'own' ? (code as ToldReason) : words;
}

/** Whether the referrer may ask to look again at a referral that was refused for this. A code without an entry is told as `blocked`. */
export function isAppealable(code: string): boolean {
  return isKnown(code) ? REASONS[code].appeal : REASONS.blocked.appeal;
}

/** A reason as staff read it: with what it means, and the path of the page that says what can be done. */
export type ExplainedReason = Reason & { sentence: string; docs: string };

export function explain(reasons: readonly Reason[]): ExplainedReason[] {
  return reasons.map((reason) => ({
    ...reason,
    sentence: isKnown(reason.code) ? REASONS[reason.code].sentence : 'A reason that this version has no words for.',
    docs: `/docs/reasons${isKnown(reason.code) ? `#${reason.code}` : ''}`,
  }));
}
