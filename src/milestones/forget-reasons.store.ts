import type { Tx } from '../platform/database.js';

/** Empties what staff wrote about a person's grants, which stay. In one order: the outbox of rewards locks many at once. */
export async function forgetGrantReasons(tx: Tx, publicationId: string, subscriberId: string): Promise<void> {
  await tx.query(
    `update grants set reason = null where publication_id = $1 and id in (
       select id from grants where publication_id = $1 and subscriber_id = $2 and reason is not null order by id for no key update)`,
    [publicationId, subscriberId],
  );
}
