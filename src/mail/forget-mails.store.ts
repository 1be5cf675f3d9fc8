import type { Tx } from '../platform/database.js';

/**
 * Empties all mails to a reader and takes the ones out of the developer's mailbox. What waits is closed; a mail that a worker
 * has in its hands at this moment goes out, and leaves nothing behind: neither its mark nor its copy finds a waiting row.
 */
export async function forgetMailsTo(tx: Tx, publicationId: string, subscriberId: string, why: string): Promise<void> {
  await tx.query(
    `update mails set data = '{}', lease_until = null,
       state = case state when 'waiting' then 'suppressed' else state end,
       last_error = case state when 'waiting' then $3 end
     where publication_id = $1 and subscriber_id = $2`,
    [publicationId, subscriberId, why],
  );
  await tx.query(
    `delete from received_mails r using mails m
     where m.publication_id = $1 and m.subscriber_id = $2 and r.publication_id = m.publication_id and r.id = m.id`,
    [publicationId, subscriberId],
  );
}

/** Removes the mails to somebody who is no reader, with their address, and the copies in the developer's mailbox. */
export async function removeContactMails(tx: Tx, publicationId: string, dedupeKeys: readonly string[]): Promise<void> {
  await tx.query(
    `with gone as (delete from mails where publication_id = $1 and dedupe_key = any ($2) and recipient is not null returning id)
     delete from received_mails r using gone where r.publication_id = $1 and r.id = gone.id`,
    [publicationId, dedupeKeys],
  );
}

/** Makes the mails to a contact mails of the reader whom it has become: the address goes, and an erasure of the reader finds them. */
export async function adoptContactMails(
  tx: Tx,
  publicationId: string,
  dedupeKeys: readonly string[],
  subscriberId: string,
): Promise<void> {
  await tx.query(
    `update mails set recipient = null, subscriber_id = $3, data = '{}', lease_until = null,
       state = case state when 'waiting' then 'suppressed' else state end
     where publication_id = $1 and dedupe_key = any ($2) and recipient is not null`,
    [publicationId, dedupeKeys, subscriberId],
  );
}
