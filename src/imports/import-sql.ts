import { NEW_VERDICTS } from '../domain/import-verdicts.js';

/*
 * How statements over a batch are written. The planner knows nothing of rows that were written a moment ago, and takes a
 * publication that is new for one without readers: it then scans all of them for each row (*measured*: 10,000 rows in 80 s
 * instead of 1). So nothing is left to it: each look-up is a `lateral (… limit 1)`, which it cannot turn into a join, and what
 * is joined to a table that is written stands in a subquery with `offset 0`, which it cannot take apart. Inside of
 * a look-up the publication comes from the outer row, not as a constant, whose rarity would make every index look alike.
 */

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');

/** Rows of a batch; $1 publication, $2 import, $3 the row before the first, $4 the last. */
export const IN_BATCH = `r.publication_id = $1 and r.import_id = $2 and r.row_no > $3 and r.row_no <= $4`;

/** Rows that make, or have made, a new reader. */
export const isNew = (r: string) => `(${r}.verdict is null or ${r}.verdict in (${quoted(NEW_VERDICTS)}))`;

/** Rows whose reader the publication has when all readers are in. */
export const isThere = (r: string) =>
  `(${r}.verdict is null or ${r}.verdict in (${quoted([...NEW_VERDICTS, 'updated', 'unchanged', 'suppressed'])}))`;

/**
 * The id of the row that a batch makes of a row of the file: a UUIDv7 of the program, with the number of the row as its last
 * 32 bits. So a batch makes its thousands of ids in the database from one, in ascending order, and what it made is a range.
 */
export const idOf = (base: string, rowNo: string) => `(left(${base}, 28) || lpad(to_hex(${rowNo}), 8, '0'))::uuid`;

/** Says one more thing about a row. The stronger word stands, the message tells all. */
export const say = (verdict: string, weaker: readonly string[], message: string) =>
  `verdict = case when r.verdict is null${weaker.length > 0 ? ` or r.verdict in (${quoted(weaker)})` : ''} then '${verdict}' else r.verdict end,
   message = concat_ws('; ', r.message, ${message})`;
