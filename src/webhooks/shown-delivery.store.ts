import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { WebhookDelivery } from './webhook.entities.js';

/* Deliveries as staff look at them and have them made again; what the worker does with them is in delivery.store.ts. */

export async function listDeliveries(
  tx: Tx,
  publicationId: string,
  webhookId: string,
  state: string | null,
  page: PageRequest,
): Promise<WebhookDelivery[]> {
  return rows(
    tx,
    `select * from webhook_deliveries
     where publication_id = $1 and webhook_id = $2 and ($3::text is null or state = $3) and ($4::uuid is null or id < $4)
     order by id desc limit $5`,
    [publicationId, webhookId, state, page.after, page.limit + 1],
  );
}

/** A delivery with whether its endpoint is on, locked until the transaction ends. */
export async function lockDelivery(
  tx: Tx,
  publicationId: string,
  id: string,
): Promise<(WebhookDelivery & { isOn: boolean }) | null> {
  return oneRow(
    tx,
    `select d.*, w.off_reason is null as is_on from webhook_deliveries d
     join webhooks w on w.publication_id = d.publication_id and w.id = d.webhook_id
     where d.publication_id = $1 and d.id = $2 for update of d`,
    [publicationId, id],
  );
}

/** Has a delivery made again from the start, now. One that is on its way at this moment is left to its try. */
export async function replayDelivery(tx: Tx, publicationId: string, id: string, now: Date): Promise<void> {
  await tx.query(
    `update webhook_deliveries d set state = 'waiting', attempts = 0, due_at = $3, delivered_at = null
     where d.publication_id = $1 and d.id = $2 and (d.lease_until is null or d.lease_until < clock_timestamp())`,
    [publicationId, id, now],
  );
}

export async function findDelivery(tx: Tx, publicationId: string, id: string): Promise<WebhookDelivery | null> {
  return tx.getRepository(WebhookDelivery).findOneBy({ publicationId, id });
}
