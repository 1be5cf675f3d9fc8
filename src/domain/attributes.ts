import { invalid } from './errors.js';

/** Facts about a reader that a publication tells, such as `company`. A value of null takes the fact away. */
export type Attributes = Record<string, unknown>;

export const MOST_ATTRIBUTES = 50;

/**
 * What is known with what is told now: named facts are replaced or, with null, taken away; the others stay. Throws
 * `request/invalid` when that are more than a reader may have.
 */
export function mergeAttributes(known: Attributes, told: Attributes): Attributes {
  const merged = Object.entries({ ...known, ...told }).filter(([, value]) => value !== null);
  if (merged.length > MOST_ATTRIBUTES) {
    throw invalid('attributes', `would be ${merged.length} with those that are known; at most ${MOST_ATTRIBUTES}`);
  }
  return Object.fromEntries(merged);
}
