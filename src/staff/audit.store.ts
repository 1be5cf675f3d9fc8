import { rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import type { AuditEntry } from './audit.entities.js';

export async function insertAuditEntry(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx.query(
    `insert into audit_entries (publication_id, id, actor, role, act, subject_kind, subject_id, people, batch, note, data, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      entry.publicationId, entry.id, entry.actor, entry.role, entry.act, entry.subjectKind, entry.subjectId, entry.people,
      entry.batch, entry.note, entry.data, entry.at,
    ], // prettier-ignore
  );
}

/** An entry, with the name of the key or of the person that acted; null when that is gone, or for the operator. */
export interface AuditRow extends AuditEntry {
  keyName: string | null;
  accountName: string | null;
}

export interface AuditFilter {
  actor: string | null;
  act: string | null;
  /** Id of what was acted on. */
  subject: string | null;
  /** Days in the publication's zone, both included. */
  from: string | null;
  to: string | null;
  timezone: string;
}

export async function listAuditEntries(
  tx: Tx,
  publicationId: string,
  filter: AuditFilter,
  page: PageRequest,
): Promise<AuditRow[]> {
  return rows(
    tx,
    `select e.*, k.name as key_name, a.name as account_name
     from audit_entries e left join api_keys k on k.publication_id = e.publication_id and e.actor = 'key:' || k.id
       left join accounts a on e.actor = 'account:' || a.id
     where e.publication_id = $1 and ($2::text is null or e.actor = $2) and ($3::text is null or e.act = $3)
       and ($4::uuid is null or e.subject_id = $4)
       and ($5::date is null or e.at >= $5::date::timestamp at time zone $7)
       and ($6::date is null or e.at < ($6::date + 1)::timestamp at time zone $7)
       and ($8::uuid is null or e.id < $8)
     order by e.id desc limit $9`,
    [
      publicationId,
      filter.actor,
      filter.act,
      filter.subject,
      filter.from,
      filter.to,
      filter.timezone,
      page.after,
      page.limit + 1,
    ],
  );
}

/** Everybody who is in the log of a publication, with the name of the key or person where it is still known. */
export async function listActors(tx: Tx, publicationId: string): Promise<{ actor: string; name: string | null }[]> {
  return rows(
    tx,
    `select e.actor, coalesce(a.name, k.name) as name from (select distinct actor from audit_entries where publication_id = $1) e
     left join api_keys k on k.publication_id = $1 and e.actor = 'key:' || k.id
     left join accounts a on e.actor = 'account:' || a.id
     order by a.name is null, name, actor`,
    [publicationId],
  );
}

/** Every act that is in the log of a publication. */
export async function listActs(tx: Tx, publicationId: string): Promise<string[]> {
  const found = await rows<{ act: string }>(
    tx,
    `select distinct act from audit_entries where publication_id = $1 order by act`,
    [publicationId],
  );
  return found.map(({ act }) => act);
}

/**
 * Empties the notes that may name a person: of entries about them, of all entries of a call that was also about them, and
 * those with an address of theirs in it. Locked in one order: two people of one note may be erased at once.
 * @param addresses in lower case
 */
export async function forgetNotesAbout(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
  addresses: readonly string[],
): Promise<void> {
  await tx.query(
    `update audit_entries set note = null where publication_id = $1 and id in (
       select id from audit_entries e
       where publication_id = $1 and note is not null and (
         people @> array[$2::uuid]
         or batch in (select batch from audit_entries where publication_id = $1 and people @> array[$2::uuid])
         or exists (select 1 from unnest($3::text[]) address where position(address in lower(note)) > 0))
       order by id for no key update)`,
    [publicationId, subscriberId, addresses],
  );
}
