import type { Money } from '../../domain/money.js';
import type { RewardKind } from '../../domain/rewards.js';
import type { Problems } from './problems.js';

export interface RewardsView {
  rewards: {
    id: string;
    name: string;
    kind: RewardKind;
    value: Money | null;
    percent: number | null;
    /** null of one that takes no codes. */
    stock: { free: number; total: number; isLow: boolean } | null;
    granted: number;
    usedBy: string[];
  }[];
  mayChange: boolean;
}

export type RewardField =
  | 'name'
  | 'description'
  | 'url'
  | 'protected'
  | 'code'
  | 'worth'
  | 'amount'
  | 'currency'
  | 'attribute'
  | 'table'
  | 'percent'
  | 'ceilingPercent'
  | 'ceilingOf'
  | 'ceilingPer'
  | 'account'
  | 'variants'
  | 'fulfilment'
  | 'months';

export interface RewardView {
  /** null of a new one. */
  id: string | null;
  kind: RewardKind;
  typed: Record<RewardField, string>;
  problems: Problems<RewardField>;
  /** Which questions this kind asks. */
  asks: Record<RewardField, boolean>;
  /** How the worth may be told; empty where there is one way. */
  worths: ('fixed' | 'by' | 'seats')[];
  stock: { free: number; total: number; values: { value: Money; free: number; total: number }[] } | null;
  /** What was wrong with codes that were sent, and what was sent. */
  codes: { typed: string; problem: string | null; detail: string };
  mayChange: boolean;
}

/** What a reward can be, to choose from. */
export interface RewardKindsView {
  kinds: RewardKind[];
}
