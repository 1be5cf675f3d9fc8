import type { Money } from '../../domain/money.js';
import type { ColumnChart } from './charts/columns.js';
import type { Problems } from './problems.js';

/** The days of a report, and the links to others. */
export interface ReportDaysView {
  typed: { from: string; to: string };
  problems: Problems<'from' | 'to'>;
  spans: { days: number; from: string; to: string; current: boolean }[];
}

interface StepsView {
  clicks: number;
  signups: number;
  verified: number;
  qualified: number;
  purchased: number;
}

export interface FunnelView {
  days: ReportDaysView;
  /** Of all together, with what became of each step. */
  total: StepsView & { shares: number; visitors: number; revenue: Money[]; rates: (number | null)[] };
  /** The content that brought most, in words; null where nothing was brought. */
  best: { title: string; verified: number; share: number } | null;
  /** Contents, channels and how far they came, as bars with words and bands between them; null of nothing. */
  chart: {
    width: number;
    height: number;
    columns: {
      x: number;
      y: number;
      height: number;
      middle: number;
      value: number;
      lines: string[];
      loud: boolean;
    }[][];
    bands: { path: string; loud: boolean; title: string }[];
  } | null;
  channels: string[];
  contents: {
    /** null: through the newsletter as a whole, or together what is not shown by itself. */
    slug: string | null;
    title: string | null;
    kind: 'content' | 'whole' | 'others';
    cells: { channel: string; verified: number; clicks: number; heat: number; isBest: boolean; leads: string | null }[];
    total: StepsView & { revenue: Money[] };
  }[];
  /** The same query, for the file. */
  csv: string;
}

export interface GrowthView {
  days: ReportDaysView;
  ofTen: number | null;
  charts: { wide: ColumnChart; narrow: ColumnChart } | null;
  months: {
    month: string;
    newSubscribers: number;
    newReferred: number;
    referredShare: number | null;
    participationRate: number | null;
    kFactor: number | null;
  }[];
  channels: (StepsView & {
    channel: string;
    rates: { clickToSignup: number | null; signupToVerified: number | null };
  })[];
  cohorts: { month: string; referred: boolean; readers: number; stayed: { share: number; heat: number }[] }[];
  /** As many columns as the longest cohort has. */
  cohortMonths: number[];
  rewardCost: Money[];
  rewardCostPerVerified: Money[];
  liabilities: Money[];
}

export type EconomicsField = 'arr' | 'lifetimeYears' | 'yearlyCost' | 'customersWon' | 'currency';

export interface EconomicsView {
  typed: Record<EconomicsField, string>;
  problems: Problems<EconomicsField>;
  /** null until something was asked. */
  found: {
    ltv: Money;
    rows: { key: 'told' | 'referrals' | 'forecast'; cost: Money | null; customers: number | null; cac: Money | null; ratio: number | null; healthy: boolean | null }[]; // prettier-ignore
  } | null;
}
