import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { Webhook } from './webhook.entities.js';

/** Every event of a publication is written once for each of its endpoints, inside the transaction of a reader who waits. */
const MOST_WEBHOOKS = 20;

/** False when the publication has as many as it may have. Its row is locked, so that two at once cannot make one too many. */
export async function insertWebhook(tx: Tx, webhook: Webhook): Promise<boolean> {
  await tx.query(`select 1 from publications where id = $1 for no key update`, [webhook.publicationId]);
  const count = await tx.getRepository(Webhook).countBy({ publicationId: webhook.publicationId });
  if (count >= MOST_WEBHOOKS) return false;
  await tx.getRepository(Webhook).insert(webhook);
  return true;
}

export async function findWebhook(tx: Tx, publicationId: string, id: string): Promise<Webhook | null> {
  return tx.getRepository(Webhook).findOneBy({ publicationId, id });
}

/** As findWebhook, locked until the transaction ends. */
export async function lockWebhook(tx: Tx, publicationId: string, id: string): Promise<Webhook | null> {
  return oneRow(tx, `select * from webhooks where publication_id = $1 and id = $2 for no key update`, [
    publicationId,
    id,
  ]);
}

export async function listWebhooks(tx: Tx, publicationId: string, page: PageRequest): Promise<Webhook[]> {
  return rows(
    tx,
    `select * from webhooks where publication_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
    [publicationId, page.after, page.limit + 1],
  );
}

export async function updateWebhook(
  tx: Tx,
  publicationId: string,
  id: string,
  changes: Partial<Webhook>,
): Promise<void> {
  if (Object.keys(changes).length > 0) await tx.getRepository(Webhook).update({ publicationId, id }, changes);
}

/** Its deliveries go with it. False when there is none. */
export async function deleteWebhook(tx: Tx, publicationId: string, id: string): Promise<boolean> {
  return (await tx.getRepository(Webhook).delete({ publicationId, id })).affected === 1;
}

/** Whether any endpoint of the publication is on and wants to hear of this type. */
export async function isHeard(tx: Tx, publicationId: string, type: string): Promise<boolean> {
  const found = await oneRow(
    tx,
    `select 1 as found from webhooks where publication_id = $1 and off_reason is null and events && $2::text[] limit 1`,
    [publicationId, ['*', type]],
  );
  return found !== null;
}

/** Switches an endpoint off. Null when it is off already: of workers that see the same failure one tells of it. */
export async function switchOff(
  tx: Tx,
  publicationId: string,
  id: string,
  reason: 'gone' | 'failing',
): Promise<Webhook | null> {
  return oneRow(
    tx,
    `update webhooks set off_reason = $3 where publication_id = $1 and id = $2 and off_reason is null returning *`,
    [publicationId, id, reason],
  );
}

/** Endpoints of all publications, for sealing their secrets anew: one key seals everybody's. */
export async function everyWebhook(tx: Tx): Promise<Webhook[]> {
  return rows(tx, `select * from webhooks`);
}

/** Puts newly sealed secrets in the place of the ones that were read; changes nothing where somebody has rotated them since. */
export async function resealWebhook(
  tx: Tx,
  webhook: Webhook,
  secret: Buffer,
  previousSecret: Buffer | null,
): Promise<void> {
  await tx.query(
    `update webhooks set secret = $4, previous_secret = $5 where publication_id = $1 and id = $2 and secret = $3`,
    [webhook.publicationId, webhook.id, webhook.secret, secret, previousSecret],
  );
}
