import { z } from 'zod';

/**
 * A field of a form or query that is optional and must never fail the page: repeated ones give the first, anything that is no
 * text or too long counts as not given.
 */
export function lenient(longest: number) {
  return z
    .union([z.string(), z.array(z.unknown()).transform((values) => (typeof values[0] === 'string' ? values[0] : ''))])
    .transform((text) => (text.trim() === '' || text.length > longest ? null : text.trim()))
    .nullish()
    .catch(null)
    .transform((text) => text ?? null);
}

/** What a join form may carry beside the address. */
export const TieFields = { ref: lenient(200), click: lenient(200), content: lenient(200), channel: lenient(50) };
