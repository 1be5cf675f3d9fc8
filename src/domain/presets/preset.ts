import type { Audience } from '../audience.js';
import type { Cap } from '../caps.js';
import type { JoinField } from '../join-fields.js';
import type { ProgramAccess } from '../participation.js';
import type { RewardKind, RewardTerms } from '../rewards.js';

/** A program that is known from elsewhere, as a value: what an editor could have set by hand, and nothing besides. */
export interface Preset {
  name: string;
  /** What it does, in a sentence or two. */
  explanation: string;
  /** By a name that milestones, contests and raffles of this preset call them. */
  rewards: Record<string, PresetReward>;
  /** What the program that it is applied to becomes. */
  program: PresetProgram;
  /** Further programs that are made beside it. */
  beside?: (PresetProgram & { slug: string; title: string })[];
}

export interface PresetProgram {
  settings: PresetSettings;
  texts?: PresetTexts;
  milestones?: PresetMilestone[];
  contests?: PresetContest[];
  raffles?: PresetRaffle[];
}

/** Settings of the program that the preset is about; the others stay. */
export interface PresetSettings {
  access: ProgramAccess;
  segment?: Audience;
  requirements?: string[];
  joinFields?: JoinField[];
  askHeardFrom?: boolean;
  stages?: string[];
}

/** What the program says of itself, where nobody has written anything yet. */
export interface PresetTexts {
  description?: string;
  steps?: { title: string; text: string | null }[];
  faq?: { question: string; answer: string }[];
  shareMessage?: string;
}

export interface PresetReward {
  kind: RewardKind;
  name: string;
  /** Begins with a slash: a page of the publication's site. */
  url?: string;
  description?: string;
  terms?: RewardTerms;
}

export interface PresetMilestone {
  name: string;
  reward: string;
  stage: string;
  threshold: number;
  every: number | null;
  recipient?: 'referrer' | 'referred';
  approval?: 'automated' | 'semi_manual' | 'manual';
  cap?: Cap;
  audience?: Audience;
}

/** Of each calendar month. */
export interface PresetContest {
  name: string;
  stage: string;
  prizes: { rank: number; reward: string }[];
}

export interface PresetRaffle {
  name: string;
  /** It begins so many days from now: the seed is committed before. */
  startsInDays: number;
  days: number;
  prizes: { reward: string; count: number }[];
  /** The reward of which each grant is an entry. */
  entry: string;
}

/** Dollars, as presets have them. */
export function usd(dollars: number): { amount: number; currency: string } {
  return { amount: dollars * 100, currency: 'USD' };
}

/** A milestone on each referral that comes to a stage. */
export const EACH = { threshold: 1, every: 1 } as const;
