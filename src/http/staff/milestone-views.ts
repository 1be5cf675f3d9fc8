import type { Money } from '../../domain/money.js';
import type { RewardKind } from '../../domain/rewards.js';
import type { Problems } from './problems.js';
import type { ProgramTabs } from './program-tabs.js';

/** A milestone in words: what it takes, and what there is for it. */
export interface RungView {
  id: string;
  version: number;
  name: string;
  stage: string;
  threshold: number;
  every: number | null;
  recipient: 'referrer' | 'referred';
  reward: { id: string; name: string; description: string | null; kind: RewardKind; free: number | null };
  approval: 'automated' | 'semi_manual' | 'manual';
  holdDays: number;
  cap: { count: number; per: 'month' | 'year' | 'ever' } | null;
  /** Each condition in the words of the form. */
  conditions: ConditionView[];
  /** Of those who were past this version when it came; null where nobody is asked about. */
  pastRun: { state: string; granted: number; capped: number } | null;
}

/** How the form asks of an attribute; `absent` is `exists: false`. */
export type Asks = 'is' | 'in' | 'not' | 'atLeast' | 'atMost' | 'exists' | 'absent';

export interface ConditionView {
  attribute: string;
  asks: Asks;
  value: string;
}

export interface MilestonesView {
  program: { slug: string; name: string };
  programs: ProgramTabs;
  /** For who shares, lowest first, and the neighbours that its reward may change places with. */
  ladder: (RungView & { moves: { way: 'up' | 'down'; id: string; version: number; threshold: number }[] })[];
  /** For friends. */
  friends: RungView[];
  mayChange: boolean;
}

export type MilestoneField =
  | 'name'
  | 'threshold'
  | 'every'
  | 'stage'
  | 'recipient'
  | 'rewardId'
  | 'approval'
  | 'holdDays'
  | 'capCount'
  | 'capPer'
  | 'audience';

export interface MilestoneView {
  program: { slug: string; name: string };
  /** null of a new one. */
  id: string | null;
  version: number;
  /** An older version that the form was filled from. */
  from: number | null;
  typed: Record<Exclude<MilestoneField, 'audience'>, string>;
  conditions: ConditionView[];
  problems: Problems<MilestoneField>;
  stages: string[];
  rewards: { id: string; name: string; kind: RewardKind }[];
  versions: {
    version: number;
    at: Date;
    who: string;
    threshold: number;
    every: number | null;
    stage: string;
    reward: string;
    past: 'grant' | 'ignore';
    current: boolean;
  }[];
  mayChange: boolean;
}

/** What a milestone would do, before it is saved. */
export interface MilestoneImpactView {
  program: { slug: string; name: string };
  /** Where the form goes: the milestone, or the new one. */
  action: string;
  /** What was typed, to be sent along. */
  fields: { name: string; value: string }[];
  isNew: boolean;
  before: Omit<RungView, 'pastRun' | 'id' | 'version'> | null;
  after: Omit<RungView, 'pastRun' | 'id' | 'version'>;
  /** Of granting it to those who are past it. */
  people: number;
  grants: number;
  capped: number;
  cost: Money[];
  /** More grants than codes that are left, if it takes codes. */
  short: number;
  sample: { id: string; email: string | null; firstName: string | null; count: number | null }[];
  /** Over so many days, with rewards of known worth; null where none has one. */
  forecast: { days: number; before: { low: Money[]; high: Money[] }; after: { low: Money[]; high: Money[] } } | null;
}
