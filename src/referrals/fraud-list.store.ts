import { oneRow, rows, type Tx } from '../platform/database.js';
import { ERASURE_KEY, erasureHash } from '../platform/erasure-key.js';
import type { PageRequest } from '../platform/page.js';
import type { FraudListEntry } from './fraud.entities.js';

/** The key of an address whose owner was erased: the list goes on knowing them and does not say whom. */
const erasedKey = (abuseKey: string): string => `'erased:' || encode(${erasureHash('mailbox', abuseKey)}, 'hex')`;

/**
 * On which list somebody stands, as SQL: null for none, `allow` where on both. An address is every network that it lies in, so that
 * each is one look at the index of keys, however long the lists are.
 * @param ip one or more expressions of type inet
 */
export function listedIn(publicationId: string, abuseKey: string, domains: string, ...ip: readonly string[]): string {
  return `(select min(e.list) from fraud_list_entries e where e.publication_id = ${publicationId} and (
      (e.kind = 'address' and e.key in (${abuseKey}, (select ${erasedKey(`${abuseKey}::text`)} from ${ERASURE_KEY})))
      or (e.kind = 'domain' and e.key = any (${domains}))
      or (e.kind = 'network' and e.key = any (array(
        select text(network(set_masklen(ip, bits)))
        from unnest(array[${ip.join(', ')}]) ip, generate_series(8, case family(ip) when 4 then 32 else 128 end) bits)))))`;
}

/** Answers the entry as it is then, and whether it is new: the same thing twice on one list is one entry. */
export async function addListEntry(
  tx: Tx,
  publicationId: string,
  entry: Omit<FraudListEntry, 'publicationId'>,
): Promise<{ entry: FraudListEntry; isNew: boolean }> {
  const key = entry.kind === 'network' ? 'text(network($5::text::inet))' : '$5::text';
  const row = await oneRow<FraudListEntry>(
    tx,
    `insert into fraud_list_entries as e (publication_id, id, list, kind, key, value, note, created_at)
     values ($1, $2, $3, $4, ${key}, $6, $7, $8)
     on conflict (publication_id, kind, key, list) do update set note = coalesce(excluded.note, e.note)
     returning *`,
    [publicationId, entry.id, entry.list, entry.kind, entry.key, entry.value, entry.note, entry.createdAt],
  );
  return { entry: row!, isNew: row!.id === entry.id };
}

export async function listEntries(
  tx: Tx,
  publicationId: string,
  filter: { list: string | null; kind: string | null },
  page: PageRequest,
): Promise<FraudListEntry[]> {
  return rows(
    tx,
    `select * from fraud_list_entries where publication_id = $1 and ($2::text is null or list = $2) and ($3::text is null or kind = $3)
       and ($4::uuid is null or id < $4) order by id desc limit $5`,
    [publicationId, filter.list, filter.kind, page.after, page.limit + 1],
  );
}

/** False when there is none of this id. */
export async function removeListEntry(tx: Tx, publicationId: string, id: string): Promise<boolean> {
  const removed = await rows(tx, `delete from fraud_list_entries where publication_id = $1 and id = $2 returning id`, [
    publicationId,
    id,
  ]);
  return removed.length > 0;
}

/** Makes entries of these mailboxes forget whose they are. Needs the erasure key. */
export async function forgetListed(tx: Tx, publicationId: string, abuseKeys: readonly string[]): Promise<void> {
  await tx.query(
    `update fraud_list_entries e set key = ${erasedKey('e.key')}, value = null, note = null from ${ERASURE_KEY}
     where e.publication_id = $1 and e.kind = 'address' and e.key = any ($2)`,
    [publicationId, abuseKeys],
  );
}

/** Whether an address, its mailbox or its domain is blocked; of nobody's network, since nobody has come yet. */
export async function isBlocked(
  tx: Tx,
  publicationId: string,
  keys: { abuseKey: string; domains: readonly string[] },
): Promise<boolean> {
  const row = await oneRow<{ listed: string | null }>(
    tx,
    `select ${listedIn('$1', '$2', '$3', 'null::inet')} as listed`,
    [publicationId, keys.abuseKey, keys.domains],
  );
  return row?.listed === 'block';
}
