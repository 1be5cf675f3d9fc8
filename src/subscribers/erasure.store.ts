import { oneRow, rows, type Tx } from '../platform/database.js';
import { ERASURE_KEY, erasureHash } from '../platform/erasure-key.js';
import type { PresentSubscriber } from './subscriber.store.js';

/** An address as it was typed, with what identifies it and its mailbox. */
export interface KnownAddress {
  email: string;
  emailKey: string;
  abuseKey: string;
}

/** Notes the address that a reader is about to lose to another one. */
export async function noteFormerAddress(tx: Tx, publicationId: string, reader: PresentSubscriber): Promise<void> {
  await tx.query(
    `insert into former_addresses as f (publication_id, subscriber_id, email, email_key, abuse_key, confirmed) values ($1, $2, $3, $4, $5, $6)
     on conflict (publication_id, subscriber_id, email_key) do update set confirmed = f.confirmed or excluded.confirmed`,
    [publicationId, reader.id, reader.email, reader.emailKey, reader.abuseKey, reader.confirmedAt !== null],
  );
}

/** All addresses that a reader has or had; none of an erased one. */
export async function addressesOf(tx: Tx, publicationId: string, subscriberId: string): Promise<KnownAddress[]> {
  return rows(
    tx,
    `select email, email_key, abuse_key from subscribers where publication_id = $1 and id = $2 and email is not null
     union select email, email_key, abuse_key from former_addresses where publication_id = $1 and subscriber_id = $2`,
    [publicationId, subscriberId],
  );
}

/**
 * Keeps hashes of all addresses of a reader and of their mailboxes, as much as has to be known after an erasure. In one order,
 * so that two readers with a mailbox in common can be erased at once.
 */
export async function rememberErased(tx: Tx, publicationId: string, subscriberId: string): Promise<void> {
  await tx.query(
    `insert into erased_addresses as e (publication_id, hash, confirmed)
     select $1, hash, bool_or(confirmed) from (
       select email_key, abuse_key, confirmed_at is not null as confirmed from subscribers where publication_id = $1 and id = $2
       union all select email_key, abuse_key, confirmed from former_addresses where publication_id = $1 and subscriber_id = $2
     ) a cross join ${ERASURE_KEY} cross join lateral (
       values (${erasureHash('address', 'a.email_key')}), (${erasureHash('mailbox', 'a.abuse_key')})) h (hash)
     group by hash order by hash
     on conflict (publication_id, hash) do update set confirmed = e.confirmed or excluded.confirmed`,
    [publicationId, subscriberId],
  );
}

/** Whether somebody with this very address had confirmed and was erased. */
export async function wasErased(tx: Tx, publicationId: string, emailKey: string): Promise<boolean> {
  const found = await oneRow(
    tx,
    `select 1 as found from ${ERASURE_KEY} join erased_addresses e on e.hash = ${erasureHash('address', '$2::text')}
     where e.publication_id = $1 and e.confirmed`,
    [publicationId, emailKey],
  );
  return found !== null;
}

/**
 * Empties what is personal in a reader and takes their former addresses away. The last statement of an erasure: it changes
 * keys of the row, so it waits for whoever inserts something that refers to the reader, and must hold nothing that they want.
 */
export async function emptySubscriber(tx: Tx, publicationId: string, subscriberId: string, now: Date): Promise<void> {
  await tx.query(`delete from former_addresses where publication_id = $1 and subscriber_id = $2`, [
    publicationId,
    subscriberId,
  ]);
  await tx.query(
    `update subscribers set status = 'erased', email = null, email_key = null, abuse_key = null, first_name = null,
       external_id = null, heard_from = null, board_name = null, attributes = '{}', changed_at = $3
     where publication_id = $1 and id = $2`,
    [publicationId, subscriberId, now],
  );
}
