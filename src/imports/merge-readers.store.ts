import { oneRow, rows, type Tx } from '../platform/database.js';
import { idOf, IN_BATCH, isNew } from './import-sql.js';

/*
 * Readers of a batch, set by set. These statements write the tables of other features, as no store else does: row by row
 * through their stores a million readers would take an hour.
 */

/** Rows of an import after `from`, up to `to`. */
export interface Batch {
  publicationId: string;
  importId: string;
  from: number;
  to: number;
}

const batchOf = ({ publicationId, importId, from, to }: Batch) => [publicationId, importId, from, to];

/**
 * What a row's reader is to the publication. One look into an index for each question: `limit 1` keeps the planner from
 * hashing a table of a million readers for a batch of some thousand.
 */
const KNOWN = `
  select r.publication_id, r.import_id, r.row_no, s.status, code.found is not null as code_taken, other.found is not null as is_alias,
    owner.email_key is not null and owner.email_key <> r.email_key as external_id_taken,
    s.status = 'active' and (
      (s.first_name is null and r.first_name is not null)
      or (s.external_id is null and r.external_id is not null and owner.email_key is null)
      or coalesce(r.attributes, '{}') || s.attributes <> s.attributes) as fills
  from import_rows r
  left join lateral (
    select status, first_name, external_id, attributes from subscribers
    where publication_id = r.publication_id and email_key = r.email_key limit 1) s on true
  left join lateral (
    select 1 as found from subscribers
    where publication_id = r.publication_id and abuse_key = r.abuse_key and email_key <> r.email_key and confirmed_at is not null
    limit 1) other on true
  left join lateral (select 1 as found from share_codes where code = r.told_code limit 1) code on r.share_code = r.told_code
  left join lateral (
    select email_key from subscribers where publication_id = r.publication_id and external_id = r.external_id limit 1
  ) owner on r.external_id is not null`;

/**
 * Gives its verdict to every row of a batch that is not simply a new reader. Suppression wins: who left or
 * bounced stays so, whatever the file says; who was erased has had the verdict before (erased-rows.store.ts).
 * @param base with it, only rows that the batch made no reader of: somebody else was quicker
 */
export async function decide(tx: Tx, batch: Batch, base: string | null): Promise<void> {
  const left = `($5::text is null or not exists (
    select 1 from subscribers made where made.publication_id = r.publication_id and made.id = ${idOf('$5', 'r.row_no')}))`;
  await tx.query(
    `update import_rows r set
       alias = r.alias or (d.status is null and d.is_alias),
       external_id = case when d.external_id_taken then null else r.external_id end,
       share_code = case when d.code_taken then null else r.share_code end,
       verdict = case
         when d.status = 'active' then case when d.fills then 'updated' else 'unchanged' end
         when d.status = 'pending' then 'updated'
         when d.status is not null then 'suppressed'
         when d.code_taken or r.verdict = 'code_taken' then 'code_taken'
         when d.external_id_taken or r.verdict = 'external_id_taken' then 'external_id_taken'
         else 'alias' end,
       message = case
         when d.status = 'active' then null
         when d.status = 'pending' then 'waited for a confirmation'
         when d.status is not null then 'the reader is ' || d.status || ' and stays so'
         else concat_ws('; ', r.message,
           case when d.code_taken then 'the share code is taken: a new one is given' end,
           case when d.external_id_taken then 'another reader has this externalId' end,
           case when d.is_alias and not r.alias then 'the publication knows this mailbox by another address' end) end
     from (${KNOWN} where ${IN_BATCH} and ${isNew('r')} and ${left} offset 0) d
     where r.publication_id = d.publication_id and r.import_id = d.import_id and r.row_no = d.row_no
       and (d.status is not null or d.code_taken or d.external_id_taken or (d.is_alias and not r.alias))`,
    [...batchOf(batch), base],
  );
}

export interface MergeSettings {
  /** Of readers whose language the file does not tell. */
  locale: string;
  consent: string;
  /** The program whose links the file's share codes are. */
  programId: string;
  /** Whether the program takes everybody; else only those with a code or a count of their own. */
  takesAll: boolean;
  /** One UUIDv7 for each kind of row, as `idOf` takes them. */
  bases: { subscriber: string; consent: string; participant: string };
  now: Date;
}

/** Makes the new readers of a batch with their consents, participants and share codes. Answers how many. */
export async function mergeReaders(tx: Tx, batch: Batch, settings: MergeSettings): Promise<number> {
  const { bases } = settings;
  const rowNo = (id: string) => `('x' || right(${id}::text, 8))::bit(32)::int`;
  const made = await oneRow<{ readers: number }>(
    tx,
    `with fresh as (
       insert into subscribers (publication_id, id, email, email_key, abuse_key, first_name, status, locale, attributes, external_id,
         created_at, confirmed_at, changed_at)
       select r.publication_id, ${idOf('$5::text', 'r.row_no')}, r.email, r.email_key, r.abuse_key, r.first_name, 'active',
         coalesce(r.locale, $8), coalesce(r.attributes, '{}'), r.external_id,
         coalesce(r.created_at, r.confirmed_at, $9), coalesce(r.confirmed_at, r.created_at, $9), $9
       from import_rows r where ${IN_BATCH} and ${isNew('r')} order by r.row_no
       on conflict do nothing
       returning id
     ), agreed as (
       insert into consents (publication_id, id, subscriber_id, act, source, text_version, at)
       select $1, ${idOf('$6::text', rowNo('id'))}, id, 'confirmed', 'import', $10, $9 from fresh
     ), taking_part as (
       insert into participants (publication_id, id, program_id, subscriber_id, created_at)
       select $1, ${idOf('$7::text', rowNo('fresh.id'))}, $11, fresh.id, $9 from fresh
       where $12 or exists (select 1 from import_rows r where r.publication_id = $1 and r.import_id = $2
         and r.row_no = ${rowNo('fresh.id')} and (r.told_code is not null or r.referral_count is not null))
       returning id
     ), coded as (
       insert into share_codes (code, publication_id, participant_id)
       select r.share_code, $1, taking_part.id from taking_part cross join lateral (
         select share_code from import_rows r where r.publication_id = $1 and r.import_id = $2 and r.row_no = ${rowNo('taking_part.id')}
           and r.share_code is not null limit 1) r
       on conflict (code) do nothing
     )
     select count(*)::int as readers from fresh`,
    [
      ...batchOf(batch), bases.subscriber, bases.consent, bases.participant, settings.locale, settings.now, settings.consent,
      settings.programId, settings.takesAll,
    ], // prettier-ignore
  );
  return made?.readers ?? 0;
}

/** How many rows of a batch are to make a new reader. */
export async function countNew(tx: Tx, batch: Batch): Promise<number> {
  const row = await oneRow<{ count: number }>(
    tx,
    `select count(*)::int as count from import_rows r where ${IN_BATCH} and ${isNew('r')}`,
    batchOf(batch),
  );
  return row?.count ?? 0;
}

/** Makes the readers that a batch has made participants of a further program. */
export async function enrolMade(
  tx: Tx,
  batch: Batch,
  made: { subscriberBase: string; participantBase: string; programId: string; now: Date },
): Promise<void> {
  await tx.query(
    `insert into participants (publication_id, id, program_id, subscriber_id, created_at)
     select publication_id, (left($5, 28) || right(id::text, 8))::uuid, $6, id, $7 from subscribers
     where publication_id = $1 and id > ${idOf('$4::text', '$2::int')} and id <= ${idOf('$4::text', '$3::int')}`,
    [batch.publicationId, batch.from, batch.to, made.subscriberBase, made.participantBase, made.programId, made.now],
  );
}

/** Fills what is empty in readers who were there before. What they have told themselves stays. */
export async function fillKnown(tx: Tx, batch: Batch, now: Date): Promise<void> {
  await tx.query(
    `update subscribers s set first_name = coalesce(s.first_name, r.first_name), external_id = coalesce(s.external_id, r.external_id),
       attributes = coalesce(r.attributes, '{}') || s.attributes, changed_at = $5
     from (select * from import_rows r where ${IN_BATCH} and r.verdict = 'updated' offset 0) r
     where s.publication_id = r.publication_id and s.email_key = r.email_key`,
    [...batchOf(batch), now],
  );
}

/** Ids of readers who wait for a confirmation that the file gives. */
export async function pendingOf(tx: Tx, batch: Batch): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    `select s.id from import_rows r
     cross join lateral (
       select id, status from subscribers where publication_id = r.publication_id and email_key = r.email_key limit 1) s
     where ${IN_BATCH} and r.verdict = 'updated' and s.status = 'pending' order by s.id`,
    batchOf(batch),
  );
  return found.map(({ id }) => id);
}
