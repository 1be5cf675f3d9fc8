import { oneRow, rows, type Tx } from '../platform/database.js';
import type { DeliveryTry, WebhookDelivery } from './webhook.entities.js';

export interface NewDelivery {
  /** UUIDv7 of the event. */
  id: string;
  type: string;
  /** The happening: an endpoint is told of it once, whatever is done twice. */
  eventKey: string;
  data: object;
  /** Ids of the subscribers that `data` tells of; of each as an object with its `id`, so that an erasure finds what is theirs. */
  people: readonly string[];
  now: Date;
}

/**
 * Promises to tell every endpoint that wants to hear of this, in the transaction of the happening and in one statement. An
 * endpoint that is being deleted is skipped (`for key share` looks again), so that it cannot fail the signup of a reader.
 * Ids are made of the event's, which keeps its time and order in front, and of the endpoint's, hashed into the random part.
 */
export async function insertDeliveries(tx: Tx, publicationId: string, event: NewDelivery): Promise<void> {
  await tx.query(
    `insert into webhook_deliveries (publication_id, id, webhook_id, event_key, type, data, people, state, attempts, due_at, tries, created_at)
     select w.publication_id, (substr($2::text, 1, 20) || substr(md5($2::text || w.id::text)::uuid::text, 21))::uuid, w.id,
       $3::text, $4::text, $5::jsonb, $7::uuid[], 'waiting', 0, $6::timestamptz, '[]', $6::timestamptz
     from webhooks w where w.publication_id = $1 and w.off_reason is null and w.events && array['*', $4::text] for key share
     on conflict (publication_id, webhook_id, event_key) do nothing`,
    [publicationId, event.id, event.eventKey, event.type, event.data, event.now, event.people],
  );
}

/** An endpoint that has something due. */
export interface EndpointDue {
  publicationId: string;
  webhookId: string;
  isFailing: boolean;
}

const FREE = `(d.lease_until is null or d.lease_until < clock_timestamp())`;
const OPEN = `w.off_reason is null and (w.paused_until is null or w.paused_until <= $1)`;

/**
 * The endpoints of all publications that have something due: one worker serves everybody. A probe of an index each, so that
 * what a dead endpoint has piled up costs the others nothing.
 */
export async function endpointsDue(tx: Tx, now: Date): Promise<EndpointDue[]> {
  return rows(
    tx,
    `select w.publication_id, w.id as webhook_id, w.failing_since is not null as is_failing from webhooks w
     where ${OPEN} and exists (
       select 1 from webhook_deliveries d
       where d.publication_id = w.publication_id and d.webhook_id = w.id and d.state = 'waiting' and d.due_at <= $1 and ${FREE})`,
    [now],
  );
}

/** A delivery as the worker gets it, with where it goes and what signs it. */
export interface ClaimedDelivery {
  publicationId: string;
  id: string;
  webhookId: string;
  type: string;
  data: Record<string, unknown>;
  attempts: number;
  tries: DeliveryTry[];
  createdAt: Date;
  url: string;
  secret: Buffer;
  previousSecret: Buffer | null;
  previousSecretUntil: Date | null;
}

/** Well above the 20 s that a try may take. By the database's clock, so that no two machines need to agree on the time. */
const LEASE = "interval '120 seconds'";

/** Claims what is due for one endpoint, oldest first. */
export async function claimDeliveries(
  tx: Tx,
  publicationId: string,
  webhookId: string,
  now: Date,
  limit: number,
): Promise<ClaimedDelivery[]> {
  return rows(
    tx,
    `with due as (
       select d.publication_id, d.id from webhook_deliveries d
       where d.publication_id = $2 and d.webhook_id = $3 and d.state = 'waiting' and d.due_at <= $1 and ${FREE}
       order by d.due_at, d.id limit $4 for update skip locked
     ), claimed as (
       update webhook_deliveries d set lease_until = clock_timestamp() + ${LEASE}, attempts = d.attempts + 1
       from due where d.publication_id = due.publication_id and d.id = due.id
       returning d.*
     )
     select c.publication_id, c.id, c.webhook_id, c.type, c.data, c.attempts, c.tries, c.created_at,
       w.url, w.secret, w.previous_secret, w.previous_secret_until
     from claimed c join webhooks w on w.publication_id = c.publication_id and w.id = c.webhook_id
     where ${OPEN} order by c.due_at, c.id`,
    [now, publicationId, webhookId, limit],
  );
}

/** How one try ended: the delivery's next state, and the pause that the endpoint asked for. */
export interface Outcome {
  /** `attempts` as it was claimed. */
  attempt: number;
  state: WebhookDelivery['state'];
  dueAt: Date;
  tries: DeliveryTry[];
  pausedUntil: Date | null;
  at: Date;
}

/**
 * Notes how a try ended, and since when its endpoint fails: answers that moment, null after a success or where there is no
 * such delivery. One whose lease was taken away is made again: it was emptied of a person, and so may the answer hold them.
 */
export async function settleDelivery(
  tx: Tx,
  publicationId: string,
  id: string,
  outcome: Outcome,
): Promise<Date | null> {
  const failing = await oneRow<{ failingSince: Date | null }>(
    tx,
    `with settled as (
       update webhook_deliveries set state = $3, due_at = $4, tries = $5, lease_until = null,
         delivered_at = case when $3 = 'delivered' then $6::timestamptz end
       where publication_id = $1 and id = $2 and state = 'waiting' and lease_until is not null and attempts = $8 returning webhook_id
     )
     update webhooks w set failing_since = case when $3 = 'delivered' then null else coalesce(w.failing_since, $6) end,
       paused_until = coalesce($7, w.paused_until)
     from settled where w.publication_id = $1 and w.id = settled.webhook_id and ($3 <> 'delivered' or w.failing_since is not null)
     returning w.failing_since`,
    [
      publicationId,
      id,
      outcome.state,
      outcome.dueAt,
      JSON.stringify(outcome.tries),
      outcome.at,
      outcome.pausedUntil,
      outcome.attempt,
    ],
  );
  return failing?.failingSince ?? null;
}

/** Gives back a delivery whose try was broken off by us: it was no try. */
export async function releaseDelivery(tx: Tx, publicationId: string, id: string): Promise<void> {
  await tx.query(
    `update webhook_deliveries set lease_until = null, attempts = attempts - 1
     where publication_id = $1 and id = $2 and state = 'waiting' and lease_until is not null`,
    [publicationId, id],
  );
}

/** Frees what a killed worker had claimed. Only for a process that knows it is alone: others would lose theirs. */
export async function dropDeliveryLeases(tx: Tx): Promise<void> {
  await tx.query(
    `update webhook_deliveries set lease_until = null where state = 'waiting' and lease_until is not null`,
  );
}

/** Removes what was promised before a moment, delivered or not, over all publications. The id begins with the time, so an index finds them. */
export async function removeDeliveriesBefore(tx: Tx, moment: Date): Promise<void> {
  const id = `${moment.getTime().toString(16).padStart(12, '0')}70008000000000000000`;
  await tx.query(
    `delete from webhook_deliveries d using webhooks w
     where d.publication_id = w.publication_id and d.webhook_id = w.id and d.id < $1::uuid`,
    [id],
  );
}

/** Deliveries of all publications that were due at a moment and are not settled, whoever claimed them. */
export async function countDueDeliveries(tx: Tx, now: Date): Promise<number> {
  const row = await oneRow<{ count: number }>(
    tx,
    `select count(*)::int as count from webhooks w
     join webhook_deliveries d on d.publication_id = w.publication_id and d.webhook_id = w.id
     where ${OPEN} and d.state = 'waiting' and d.due_at <= $1`,
    [now],
  );
  return row?.count ?? 0;
}
