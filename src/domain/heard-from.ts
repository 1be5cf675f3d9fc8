/** What the join form offers; a site may tell anything else in its own words. */
export const HEARD_FROM = ['friend', 'search', 'social', 'podcast', 'other'] as const;

/** Readers who gave one answer: all of them, and those of them whom a tracked link brought. */
export interface Heard {
  answer: string;
  readers: number;
  tracked: number;
}

/**
 * Of the readers who gave an answer, how many were tracked as the answer says: by a link those who name a friend, by none those
 * who name something else. Null where the answer says neither: words of a site's own.
 */
export function agreeing({ answer, readers, tracked }: Heard): number | null {
  if (answer === 'friend') return tracked;
  return (HEARD_FROM as readonly string[]).includes(answer) && answer !== 'other' ? readers - tracked : null;
}

/** The share that agrees, of those of whom it can be said. Null where it can be said of nobody. */
export function agreement(rows: readonly Heard[]): number | null {
  const said = rows.filter((row) => agreeing(row) !== null);
  const readers = said.reduce((sum, row) => sum + row.readers, 0);
  return readers === 0 ? null : said.reduce((sum, row) => sum + (agreeing(row) ?? 0), 0) / readers;
}
