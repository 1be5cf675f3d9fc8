import type { FraudLevel } from '../../domain/fraud.js';
import type { AttributionOutcome } from '../../domain/attribution.js';
import type { InCommon } from '../../referrals/similar.store.js';
import type { EvidenceWord } from './evidence-words.js';

export interface ReasonView {
  code: string;
  /** The message that says it, or null of a code that this version has no words for. */
  words: string | null;
  weight: number;
  evidence: EvidenceWord[];
}

/** A referral's state as a shape and a word. */
export interface StateView {
  state: string;
  heldFor: string | null;
  look: 'good' | 'warn' | 'bad' | 'back' | '';
}

/** Somebody by their address; null once erased. */
interface PersonView {
  id: string;
  email: string | null;
}

export interface ReviewView {
  queue: 'waiting' | 'appealed' | 'clock' | 'decided';
  tabs: { tab: string; count: number | null; current: boolean }[];
  waiting: number;
  appealed: number;
  /** Since when the first one waits. */
  oldest: Date | null;
  referrals: {
    id: string;
    friend: PersonView;
    referrer: PersonView;
    since: Date;
    standing: StateView;
    heldUntil: Date | null;
    reasons: ReasonView[];
    /** What the referrer wrote, while nobody has answered; empty where they wrote nothing. */
    appeal: string | null;
  }[];
  decisions: {
    id: string;
    referralId: string;
    at: Date;
    friend: string | null;
    referrer: PersonView;
    standing: StateView;
  }[];
  /** The newest of the queue when the page was made: `all` means up to here. */
  upTo: string | null;
  mayDecide: boolean;
  /** The query of the next page. */
  more: string | null;
}

export interface ReferralView {
  id: string;
  friend: PersonView & { status: string };
  referrer: PersonView;
  program: string;
  content: string | null;
  channel: string;
  standing: StateView;
  heldUntil: Date | null;
  createdAt: Date;
  confirmedAt: Date | null;
  reasons: ReasonView[];
  /** What it took to hold it; null of one that was judged by no level. */
  judged: { level: FraudLevel; weight: number; heldFrom: number; afterMinutes: number | null } | null;
  engagedAt: Date | null;
  record: { verified: number; rejected: number; reversed: number };
  appeal: { at: Date; words: string | null; decidedAt: Date | null; decision: string | null } | null;
  attribution: {
    outcome: AttributionOutcome;
    at: Date | null;
    referrer: PersonView;
    program: string;
    content: string | null;
    channel: string;
    model: string;
    windowDays: number;
  }[];
  similar: {
    id: string;
    friend: string | null;
    referrer: string | null;
    createdAt: Date;
    standing: StateView;
    common: InCommon[];
  }[];
  history: { at: Date; standing: StateView; by: { kind: string; name: string } }[];
  /** What one more friend brings the referrer; null where there is nothing more to reach. */
  stake: { count: number; reward: string; remaining: number } | null;
  mayDecide: boolean;
  mayApprove: boolean;
  mayReject: boolean;
  /** The next that waits. */
  next: string | null;
}
