import { oneRow, rows, type Tx } from '../platform/database.js';
import type { Opinion } from './opinion.entities.js';
import type { Consent } from './subscriber.entities.js';

/** What a reader agreed to and took back, oldest first. */
export async function consentsOf(tx: Tx, publicationId: string, subscriberId: string): Promise<Consent[]> {
  return rows(tx, `select * from consents where publication_id = $1 and subscriber_id = $2 order by at, id`, [
    publicationId,
    subscriberId,
  ]);
}

/** What a reader said of the publication; null when they said nothing. */
export async function opinionOf(tx: Tx, publicationId: string, subscriberId: string): Promise<Opinion | null> {
  return oneRow(tx, `select * from opinions where publication_id = $1 and subscriber_id = $2`, [
    publicationId,
    subscriberId,
  ]);
}
