import type { FraudLevel } from '../../domain/fraud.js';
import type { ReasonView } from './review-views.js';
import type { Problems } from './problems.js';
import type { ProgramTabs } from './program-tabs.js';

interface ExampleView {
  referralId: string;
  at: Date;
  reasons: ReasonView[];
}

export interface FraudView {
  program: { slug: string; name: string };
  programs: ProgramTabs;
  current: FraudLevel;
  /** The level that is looked at. */
  chosen: FraudLevel;
  since: Date;
  /** What each level would have done; the same referrals in all. */
  levels: {
    level: FraudLevel;
    isCurrent: boolean;
    isChosen: boolean;
    heldFrom: number;
    referrals: number;
    wouldHold: number;
    wouldLetThrough: number;
    rejected: number;
  }[];
  /** Of the chosen level. */
  wouldHold: ExampleView[];
  wouldLetThrough: ExampleView[];
  mayChange: boolean;
  mayList: boolean;
}

export interface FraudListsView {
  list: 'block' | 'allow' | '';
  entries: {
    id: string;
    list: 'block' | 'allow';
    kind: 'address' | 'domain' | 'network';
    /** null of somebody who was erased. */
    value: string | null;
    note: string | null;
    createdAt: Date;
  }[];
  typed: { list: 'block' | 'allow'; kind: 'address' | 'domain' | 'network'; value: string; note: string };
  problems: Problems<'value'>;
  older: string | null;
}
