import { dayAfter } from '../domain/local-time.js';

/** Which leads somebody wants to see, as a view keeps it; null where they do not mind. */
export interface SavedLeadFilter {
  /** Days of signing up in the publication's zone, both included. */
  from: string | null;
  to: string | null;
  /** So many days up to today, in the place of `from`. */
  days: number | null;
  program: string | null;
  content: string | null;
  channel: string | null;
  stage: string | null;
  /** The part of the address after the @. */
  domain: string | null;
  /** A registrable domain: the address is at it or below it. */
  companyDomain: string | null;
  /** False: an address of a free mail service. */
  workEmail: boolean | null;
  referrerId: string | null;
  qualified: boolean | null;
  /** As it was noted, in any case. */
  owner: string | null;
  /** Somewhere in address, name, company or role, in any case. */
  q: string | null;
}

/** A filter at one moment and in one zone. */
export interface LeadFilter extends Omit<SavedLeadFilter, 'days'> {
  timezone: string;
}

export function filterAt({ days, ...filter }: SavedLeadFilter, timezone: string, now: Date): LeadFilter {
  return { ...filter, timezone, from: days === null ? filter.from : dayAfter(now, 1 - days, timezone) };
}
