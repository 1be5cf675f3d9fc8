import { oneRow, rows, type Tx } from '../platform/database.js';
import type { IdempotencyKey } from './idempotency.entities.js';

/** The owner of a key whose answer nobody may keep. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
/** Renewed three times in its length while the work runs, so that one lost renewal means nothing. */
const LEASE = "interval '15 seconds'";

export interface NewIdempotencyKey {
  publicationId: string;
  key: string;
  requestHash: Buffer;
  owner: string;
  createdAt: Date;
}

/**
 * Takes a key before the work begins. False when it is in use: of many at once the primary key lets one through.
 * A key older than `outdated` is as good as new; it may be taken over before the job has removed it.
 */
export async function takeKey(tx: Tx, given: NewIdempotencyKey, outdated: Date): Promise<boolean> {
  const taken = await rows(
    tx,
    `insert into idempotency_keys as k (publication_id, key, request_hash, owner, lease_until, created_at)
     values ($1, $2, $3, $4, clock_timestamp() + ${LEASE}, $5)
     on conflict (publication_id, key) do update
       set request_hash = excluded.request_hash, owner = excluded.owner, lease_until = excluded.lease_until,
         status = null, content_type = null, response = null, created_at = excluded.created_at
       where k.created_at < $6
     returning key`,
    [given.publicationId, given.key, given.requestHash, given.owner, given.createdAt, outdated],
  );
  return taken.length > 0;
}

/** A key in use. `isAlive`: its process has renewed the lease. */
export async function findKey(
  tx: Tx,
  publicationId: string,
  key: string,
): Promise<(IdempotencyKey & { isAlive: boolean }) | null> {
  return oneRow(
    tx,
    `select *, lease_until > clock_timestamp() as is_alive from idempotency_keys where publication_id = $1 and key = $2`,
    [publicationId, key],
  );
}

/** Keeps the answer. Nothing happens when the key is no longer this owner's. */
export async function keepAnswer(
  tx: Tx,
  { publicationId, key, owner }: Pick<IdempotencyKey, 'publicationId' | 'key' | 'owner'>,
  answer: Pick<IdempotencyKey, 'status' | 'contentType' | 'response' | 'requestHash'>,
): Promise<void> {
  await tx.query(
    `update idempotency_keys set status = $4, content_type = $5, response = $6, request_hash = $7
     where publication_id = $1 and key = $2 and owner = $3 and status is null`,
    [publicationId, key, owner, answer.status, answer.contentType, answer.response, answer.requestHash],
  );
}

/** Gives a key back, as if it had never been used. */
export async function giveKeyBack(
  tx: Tx,
  { publicationId, key, owner }: Pick<IdempotencyKey, 'publicationId' | 'key' | 'owner'>,
): Promise<void> {
  await tx.query(
    `delete from idempotency_keys where publication_id = $1 and key = $2 and owner = $3 and status is null`,
    [publicationId, key, owner],
  );
}

/** The process lives and works on these: their leases go on, in all publications. */
export async function renewKeys(
  tx: Tx,
  owner: string,
  held: readonly Pick<IdempotencyKey, 'publicationId' | 'key'>[],
): Promise<void> {
  await tx.query(
    `update idempotency_keys k set lease_until = clock_timestamp() + ${LEASE}
     from unnest($2::uuid[], $3::text[]) as h (publication_id, key)
     where k.publication_id = h.publication_id and k.key = h.key and k.owner = $1 and k.status is null`,
    [owner, held.map(({ publicationId }) => publicationId), held.map(({ key }) => key)],
  );
}

/** What is kept instead of an answer that told of an erased person: 410, as no operation answers by itself. */
export const ANSWER_ERASED = 410;

/**
 * Forgets the answers that tell of a person, all of which name their id, and what the requests were like: the keys stay used.
 * Answers are found by reading them all, for they are kept for a day and an index over texts would cost every POST. A request
 * that is running may be about to tell of the person: its answer will not be kept, so that a repetition learns that nobody
 * knows. In one order, so that several may be erased at once.
 */
export async function forgetAnswersAbout(tx: Tx, publicationId: string, personId: string): Promise<void> {
  await tx.query(
    `with told as (
       select publication_id, key from idempotency_keys
       where publication_id = $1 and (status is null or position($2 in response) > 0) order by key for update
     )
     update idempotency_keys k set
       owner = case when k.status is null then '${NOBODY}' else k.owner end,
       request_hash = case when k.status is null then k.request_hash else '' end,
       status = case when k.status is null then null else ${ANSWER_ERASED} end, content_type = null, response = null
     from told where k.publication_id = told.publication_id and k.key = told.key`,
    [publicationId, personId],
  );
}

/** Removes the keys of all publications that were taken before a moment, and what was answered to them. */
export async function removeKeysBefore(tx: Tx, moment: Date): Promise<void> {
  await tx.query(`delete from idempotency_keys where created_at < $1`, [moment]);
}
