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
export const TieFields = {
  ref: lenient(200),
  click: lenient(200),
  content: lenient(200),
  channel: lenient(50),
  /** The words for some friends that the link was shared with. */
  for: lenient(64),
};

/** As many click ids of a form are read; most browsers have one. */
const MOST_CLICKS = 50;

/** Click ids as forms and queries bring them: several parted by commas, repeated, or in a list. As lenient as the others. */
export const ClickIds = z
  .union([z.string(), z.array(z.unknown())])
  .nullish()
  .catch(null)
  .transform((given) =>
    [given ?? []]
      .flat()
      .flatMap((text) => (typeof text === 'string' ? text.split(',') : []))
      .map((id) => id.trim())
      .filter((id) => id !== '' && id.length <= 200)
      .slice(0, MOST_CLICKS),
  );
