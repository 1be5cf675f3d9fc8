import { oneRow, type Tx } from '../platform/database.js';
import { ERASURE_KEY, erasureHash } from '../platform/erasure-key.js';
import { IN_BATCH } from './import-sql.js';
import type { Batch } from './merge-readers.store.js';

/* Rows of files that are those of an erased person: they make nobody, and nothing of what they said is kept. */

const EMPTIED = `email = '', email_key = null, abuse_key = null, first_name = null, locale = null, told_code = null, share_code = null,
  external_id = null, attributes = null, referral_count = null, referred_by = null, referred_by_key = null,
  created_at = null, confirmed_at = null`;
const ERASED = 'this person was erased and is not brought back';

/**
 * Keeps the files of a publication that are not finished from going on, until the transaction ends, and waits for the batch
 * that is being worked on. Before anything else is locked: a batch holds its import first and readers then.
 */
export async function holdUpImports(tx: Tx, publicationId: string): Promise<void> {
  await tx.query(
    `select 1 from imports where publication_id = $1 and state in ('waiting', 'running') order by id for share`,
    [publicationId],
  );
}

/**
 * Empties the rows of a person in all files that are still kept, and takes them out of what other rows say of their referrer.
 * A row that its import has not come to yet will make nobody. Reads all rows of the publication, which are kept for 30 days: an
 * index would cost each of a million rows what few ever need.
 * @param texts what a row may say instead of a good address or of a referrer's, in lower case
 */
export async function forgetRowsOf(
  tx: Tx,
  publicationId: string,
  { emailKeys, texts }: { emailKeys: readonly string[]; texts: readonly string[] },
): Promise<void> {
  await tx.query(
    `with theirs as (
       select publication_id, import_id, row_no from import_rows
       where publication_id = $1 and (email_key = any ($2::text[]) or (email_key is null and exists (
         select 1 from unnest($2::text[]) key where position(key in lower(email)) > 0)))
       order by import_id, row_no for update
     )
     update import_rows r set ${EMPTIED},
       verdict = case when waits and coalesce(r.verdict, '') not like 'invalid%' then 'erased' else r.verdict end,
       message = case when waits and coalesce(r.verdict, '') not like 'invalid%' then $3 else r.message end
     from theirs t join lateral (
       select i.state in ('waiting', 'running') and (i.phase = 'sort' or i.phase = 'readers' and t.row_no > i.at_row) as waits
       from imports i where i.publication_id = t.publication_id and i.id = t.import_id) i on true
     where r.publication_id = t.publication_id and r.import_id = t.import_id and r.row_no = t.row_no`,
    [publicationId, emailKeys, ERASED],
  );
  await tx.query(
    `with theirs as (
       select publication_id, import_id, row_no from import_rows
       where publication_id = $1 and (referred_by_key = any ($2::text[]) or lower(referred_by) = any ($3::text[]))
       order by import_id, row_no for update
     )
     update import_rows r set referred_by = null, referred_by_key = null from theirs t
     where r.publication_id = t.publication_id and r.import_id = t.import_id and r.row_no = t.row_no`,
    [publicationId, emailKeys, texts],
  );
}

/** Whether a publication has erased anybody: most have not, and their files are not hashed. */
export async function hasErased(tx: Tx, publicationId: string): Promise<boolean> {
  return (
    (await oneRow(tx, `select 1 as found from erased_addresses where publication_id = $1 limit 1`, [publicationId])) !==
    null
  );
}

/**
 * Says of each row of a batch whose address or mailbox was erased that it makes nobody, and empties it. Whoever came back by
 * their own will is a reader like any other. Erased people whom rows name as their referrer are taken out of these.
 */
export async function suppressErased(tx: Tx, { publicationId, importId, from, to }: Batch): Promise<void> {
  const hashed = (...hashes: string[]) =>
    `select 1 as found from erased_addresses where publication_id = r.publication_id and hash in (${hashes.join(', ')}) limit 1`;
  const back = (key: string) =>
    `select 1 as found from subscribers where publication_id = r.publication_id and email_key = ${key} limit 1`;
  const address = (key: string) => erasureHash('address', key);
  const of = (key: string, hashes: string[]) => `(
    select r.publication_id, r.import_id, r.row_no from import_rows r cross join ${ERASURE_KEY}
    cross join lateral (${hashed(...hashes)}) e left join lateral (${back(key)}) s on true
    where ${IN_BATCH} and ${key} is not null and s.found is null offset 0) d
    where r.publication_id = d.publication_id and r.import_id = d.import_id and r.row_no = d.row_no`;
  const given = [publicationId, importId, from, to];
  await tx.query(
    `update import_rows r set ${EMPTIED}, alias = false, verdict = 'erased', message = $5
     from ${of('r.email_key', [address('r.email_key'), erasureHash('mailbox', 'r.abuse_key')])}`,
    [...given, ERASED],
  );
  await tx.query(
    `update import_rows r set referred_by = null, referred_by_key = null
     from ${of('r.referred_by_key', [address('r.referred_by_key')])}`,
    given,
  );
}
