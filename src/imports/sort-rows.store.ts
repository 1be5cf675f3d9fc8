import type { Tx } from '../platform/database.js';
import { isNew, isThere, say } from './import-sql.js';

/*
 * What rows of one file say about each other. Whole files at once, by sorting and hashing: an index for each of these
 * questions would cost every file what few files need, and a look at each other row would never end for a list of a
 * million aliases of one mailbox. Only rows about which there is something to say are written.
 */

/**
 * For statements that compare a file with itself. Left to itself the planner may take the file for a few rows, and reads all of
 * it for each row: with 1,000,000 rows *measured* as not done after 25 minutes.
 */
async function joinByHashing(tx: Tx, alone: boolean): Promise<void> {
  await tx.query(`set local enable_nestloop = ${alone ? 'off' : 'on'}`);
}

/** The first row of an address counts, of a mailbox too, and of a share code and an externalId. */
export async function sortOut(tx: Tx, publicationId: string, importId: string): Promise<void> {
  const same = (column: string) => `(
    select row_no, first_value(row_no) over (partition by ${column} order by row_no) as first
    from import_rows r where publication_id = $1 and import_id = $2 and ${column} is not null
      and (r.verdict is null or r.verdict in ('alias', 'code_taken', 'external_id_taken'%also%)) ) d
    where d.first < d.row_no and r.publication_id = $1 and r.import_id = $2 and r.row_no = d.row_no`;
  const among = (column: string, also = '') => same(column).replace('%also%', also);
  const given = [publicationId, importId];
  await joinByHashing(tx, true);
  // Whoever was called inactive once in the file does not become active by a later row.
  await tx.query(
    `update import_rows r set verdict = 'duplicate_in_file', message = 'the same address as row ' || d.first
     from ${among('email_key', `, 'not_active'`)} and r.verdict is null`,
    given,
  );
  await tx.query(
    `update import_rows r set alias = true, ${say('alias', [], `'the same mailbox as row ' || d.first`)} from ${among('abuse_key')}`,
    given,
  );
  await tx.query(
    `update import_rows r set external_id = null, ${say('external_id_taken', ['alias'], `'row ' || d.first || ' has the same externalId'`)}
     from ${among('external_id')}`,
    given,
  );
  // Rows that name this code as their referrer mean the first.
  await tx.query(
    `update import_rows r set told_code = null, share_code = null,
       ${say('code_taken', ['alias', 'external_id_taken'], `'row ' || d.first || ' has the same share code: this one gets a new one'`)}
     from ${among('told_code')}`,
    given,
  );
  await joinByHashing(tx, false);
}

/** Says of whom the publication does not know. After all rows have their other verdicts: a known reader is nobody's new friend. */
export async function markUnknownReferrers(tx: Tx, publicationId: string, importId: string): Promise<void> {
  const found = (condition: string) => `left join lateral (select 1 as found from ${condition} limit 1)`;
  // Of a dry run the readers of the file are not among the publication's.
  const inFile = (condition: string) =>
    `not exists (select 1 from import_rows e where e.publication_id = $1 and e.import_id = $2 and ${isThere('e')} and ${condition})`;
  await joinByHashing(tx, true);
  await tx.query(
    `update import_rows r set ${say('referrer_unknown', ['alias'], `'nobody is known by its referredBy'`)}
     from (
       select d.* from (
         select r.publication_id, r.import_id, r.row_no, r.referred_by, r.referred_by_key from import_rows r
         ${found('share_codes where publication_id = r.publication_id and code = r.referred_by_key')} c on true
         ${found('subscribers where publication_id = r.publication_id and email_key = r.referred_by_key')} s on true
         ${found('subscribers where publication_id = r.publication_id and external_id = r.referred_by')} x on true
         where r.publication_id = $1 and r.import_id = $2 and r.referred_by is not null and ${isNew('r')}
           and c.found is null and s.found is null and x.found is null offset 0) d
       where ${inFile('e.told_code = d.referred_by_key')} and ${inFile('e.email_key = d.referred_by_key')}
         and ${inFile('e.external_id = d.referred_by')} offset 0) d
     where r.publication_id = d.publication_id and r.import_id = d.import_id and r.row_no = d.row_no`,
    [publicationId, importId],
  );
  await joinByHashing(tx, false);
}
