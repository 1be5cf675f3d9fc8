import { z } from 'zod';
import type { SavedLeadFilter } from '../../leads/lead-filter.js';
import { filterOf, LeadFilterQuery } from '../api/leads.schema.js';
import { Typed } from './form.js';
import { LEAD_FILTERS, type LeadFilterName, type LeadsView } from './lead-views.js';

type ByFilter = Record<LeadFilterName, string>;

/** The filters of the page, as somebody typed or linked them. */
export const TypedLeadFilter = z.object(
  Object.fromEntries(LEAD_FILTERS.map((name) => [name, Typed])) as Record<LeadFilterName, typeof Typed>,
);

/** What is asked for, by the rules of the API, and what is wrong with it; a field that is wrong narrows nothing down. */
export function readLeadFilter(typed: ByFilter): { filter: SavedLeadFilter; problems: LeadsView['problems'] } {
  const problems = Object.fromEntries(LEAD_FILTERS.map((name) => [name, null])) as LeadsView['problems'];
  const given: Partial<ByFilter> = Object.fromEntries(Object.entries(typed).filter(([, text]) => text !== ''));
  const parsed = LeadFilterQuery.safeParse(given);
  if (parsed.success) return { filter: filterOf(parsed.data), problems };
  for (const { path } of parsed.error.issues) {
    const name = path[0] as LeadFilterName;
    problems[name] = name === 'from' || name === 'to' ? 'problem.day.invalid' : 'problem.filter.invalid';
    delete given[name];
  }
  return { filter: filterOf(LeadFilterQuery.parse(given)), problems };
}

/** `?content=rye&…` without what is empty, or an empty text. */
export function leadQuery(typed: ByFilter, more: Record<string, string> = {}): string {
  const set = [...LEAD_FILTERS.map((name) => [name, typed[name]]), ...Object.entries(more)];
  const query = new URLSearchParams(set.filter(([, text]) => text !== '') as [string, string][]).toString();
  return query === '' ? '' : `?${query}`;
}
