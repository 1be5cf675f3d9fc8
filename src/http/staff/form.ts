import { z } from 'zod';
import { type Address, parseAddress } from '../../domain/email.js';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../../domain/staff.js';
import { displayName } from '../../domain/text.js';

/** A field of a form: what is no text counts as empty, so that no form fails before its page can say why. */
export const Typed = z
  .string()
  .nullish()
  .catch('')
  .transform((text) => (text ?? '').trim());

/** As Typed, with every character as it was typed. */
export const TypedAsIs = z.string().catch('');

/** The address, or the message that says what is wrong. */
export function emailOf(typed: string): { address: Address; problem: null } | { address: null; problem: string } {
  if (typed === '') return { address: null, problem: 'problem.email.required' };
  const parsed = parseAddress(typed);
  return parsed.ok ? { address: parsed.address, problem: null } : { address: null, problem: 'problem.email.invalid' };
}

/** A whole number of at most nine digits as it was typed; NaN, which every schema refuses, for anything else. */
export function wholeTyped(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

/** Null when it is fine. */
export function nameProblem(typed: string): string | null {
  if (typed === '') return 'problem.name.required';
  return displayName(typed) === null ? 'problem.name.invalid' : null;
}

/** Null when it is fine; empty is fine where somebody may do without. */
export function passwordProblem(typed: string, isNeeded: boolean): string | null {
  if (typed === '') return isNeeded ? 'problem.password.required' : null;
  if ([...typed].length < SHORTEST_PASSWORD) return 'problem.password.short';
  return typed.length > LONGEST_PASSWORD ? 'problem.password.long' : null;
}

/** Where to go on after signing in: a path of the pages for staff, or null for anything else. */
export function ownPath(next: string): string | null {
  return /^\/admin(?:[/?][\x21-\x7e]*)?$/.test(next) && !next.includes('\\') ? next.slice(0, 1_000) : null;
}
