import { oneRow, rows, type Tx } from '../platform/database.js';
import { ERASURE_KEY, erasureHash } from '../platform/erasure-key.js';

export interface NewEvent {
  id: string;
  subscriberId: string;
  type: string;
  at: Date;
  /** All that was sent, as it was understood; only its digest is kept. */
  body: object;
  /** What of it is kept until the reader is erased. */
  data: object;
  now: Date;
}

/**
 * PostgreSQL writes a jsonb in one way, whatever the order in which its fields were sent. Keyed, because the digest stays when
 * the reader is erased, and a body can be guessed: an address and a score from 0 to 10.
 */
const digestOf = (body: string) => erasureHash('event', `(${body}::jsonb)::text`);

/** Keeps an event. False when there is one with this id: the primary key decides, of any number at once one is kept. */
export async function insertEvent(tx: Tx, publicationId: string, event: NewEvent): Promise<boolean> {
  const inserted = await rows(
    tx,
    `insert into inbound_events (publication_id, id, subscriber_id, type, at, digest, data, received_at)
     select $1, $2, $3, $4, $5, ${digestOf('$6')}, $7, $8 from ${ERASURE_KEY}
     on conflict (publication_id, id) do nothing returning id`,
    [publicationId, event.id, event.subscriberId, event.type, event.at, event.body, event.data, event.now],
  );
  return inserted.length > 0;
}

/** What is known under an id: `same` when it came with this body, `other` with another one; null when there is nothing. */
export async function compareEvent(
  tx: Tx,
  publicationId: string,
  id: string,
  body: object,
): Promise<'same' | 'other' | null> {
  const row = await oneRow<{ isSame: boolean }>(
    tx,
    `select e.digest = ${digestOf('$3')} as is_same from inbound_events e, ${ERASURE_KEY} where e.publication_id = $1 and e.id = $2`,
    [publicationId, id, body],
  );
  return row && (row.isSame ? 'same' : 'other');
}

export interface ToldRefund {
  id: string;
  at: Date;
  /** Id of the purchase; null where the sender named none. */
  of: string | null;
}

export async function refundsOf(tx: Tx, publicationId: string, subscriberId: string): Promise<ToldRefund[]> {
  return rows(
    tx,
    `select id, at, data ->> 'of' as of from inbound_events where publication_id = $1 and subscriber_id = $2 and type = 'refunded'`,
    [publicationId, subscriberId],
  );
}

/** Empties what was told of a person who is erased. Ids and digests stay: what was told once is never taken in again. */
export async function forgetEventsOf(tx: Tx, publicationId: string, subscriberId: string): Promise<void> {
  await tx.query(
    `update inbound_events set data = '{}' where publication_id = $1 and subscriber_id = $2 and data <> '{}'`,
    [publicationId, subscriberId],
  );
}

/** What was told of a reader, in the order in which it happened. */
export async function eventsOf(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
): Promise<{ type: string; at: Date; data: object }[]> {
  return rows(
    tx,
    `select type, at, data from inbound_events where publication_id = $1 and subscriber_id = $2 order by at, id`,
    [publicationId, subscriberId],
  );
}
