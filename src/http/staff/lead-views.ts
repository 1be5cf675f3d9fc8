import type { Money } from '../../domain/money.js';
import type { Problems } from './problems.js';

/** A word that the catalogue knows, or one of the publication's own. */
export interface MaybeKnown {
  name: string;
  known: boolean;
}

export type Answer = '' | 'yes' | 'no';

/** The three questions, in the order in which they are asked. */
export const QUESTIONS = ['decisionMaker', 'fit', 'need'] as const;
export type Question = (typeof QUESTIONS)[number];

export interface LeadLine {
  id: string;
  /** First name, or the address where there is none. */
  name: string;
  email: string;
  company: string | null;
  role: string | null;
  companySize: string | null;
  domain: string;
  workEmail: boolean;
  /** What was tracked. */
  content: string | null;
  channel: string;
  referrer: string | null;
  /** What they said. */
  heardFrom: MaybeKnown | null;
  stage: MaybeKnown;
  /** Whether they are qualified or further. */
  isFar: boolean;
  owner: string | null;
  asks: { question: Question; answer: Answer }[];
  value: Money[];
}

/** What the filters of the page are called, as they were typed. */
export const LEAD_FILTERS = [
  'q', 'content', 'channel', 'stage', 'qualified', 'companyDomain', 'workEmail', 'owner', 'program', 'days', 'from', 'to', 'domain', 'referrerId',
] as const; // prettier-ignore
export type LeadFilterName = (typeof LEAD_FILTERS)[number];

export interface LeadsView {
  leads: LeadLine[];
  /** Counted up to a thousand. */
  count: number;
  many: boolean;
  filter: Record<LeadFilterName, string>;
  problems: Problems<LeadFilterName>;
  /** Whether anything is filtered. */
  isFiltered: boolean;
  contents: { slug: string; title: string }[];
  channels: readonly string[];
  stages: MaybeKnown[];
  owners: string[];
  mayWrite: boolean;
  /** The query of the export, and of this list when it is come back to. */
  query: string;
  older: string | null;
}

export interface LeadView {
  lead: LeadLine & { note: string | null; program: string; companyDomain: string | null };
  /** The reader who shared the link. */
  referrerCode: string;
  signedUpAt: Date;
  confirmedAt: Date | null;
  /** Newest first. */
  story: { at: Date; stage: MaybeKnown }[];
  agrees: boolean | null;
  mayWrite: boolean;
  typed: { owner: string; note: string };
  problems: Problems<'owner' | 'note'>;
}
