import { oneRow, rows, type Tx } from '../platform/database.js';
import { ERASURE_KEY, erasureHash } from '../platform/erasure-key.js';
import type { PageRequest } from '../platform/page.js';
import { type Consent, Subscriber } from './subscriber.entities.js';

/** A reader who was not erased; a check of the table says that these are there then. */
export type PresentSubscriber = Subscriber & { email: string; emailKey: string; abuseKey: string };

export function isPresent(subscriber: Subscriber): subscriber is PresentSubscriber {
  return subscriber.status !== 'erased';
}

/** A reader as they sign up. */
export type NewSubscriber = Omit<Subscriber, 'changedAt' | 'programMailsMutedAt' | 'showsName' | 'boardName'>;

/** Inserts a new reader. Null when the address is known; throws 23505 when another reader has the externalId. */
export async function insertSubscriber(
  tx: Tx,
  publicationId: string,
  subscriber: NewSubscriber,
): Promise<Subscriber | null> {
  return oneRow(
    tx,
    `insert into subscribers (publication_id, id, email, email_key, abuse_key, first_name, status, locale, attributes, external_id, heard_from, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
     on conflict (publication_id, email_key) do nothing returning *`,
    [
      publicationId, subscriber.id, subscriber.email, subscriber.emailKey, subscriber.abuseKey, subscriber.firstName, subscriber.status,
      subscriber.locale, subscriber.attributes, subscriber.externalId, subscriber.heardFrom, subscriber.createdAt,
    ], // prettier-ignore
  );
}

/**
 * The reader with this address, locked until the transaction ends. Not `for update`: that would wait for every
 * transaction that inserts a row which refers to the reader, such as a grant for a friend of theirs.
 */
export async function lockSubscriberByEmail(
  tx: Tx,
  publicationId: string,
  emailKey: string,
): Promise<Subscriber | null> {
  return oneRow(tx, `select * from subscribers where publication_id = $1 and email_key = $2 for no key update`, [
    publicationId,
    emailKey,
  ]);
}

/** As lockSubscriberByEmail, by id. */
export async function lockSubscriber(tx: Tx, publicationId: string, id: string): Promise<Subscriber | null> {
  return oneRow(tx, `select * from subscribers where publication_id = $1 and id = $2 for no key update`, [
    publicationId,
    id,
  ]);
}

/**
 * As lockSubscriber, and nobody else may hold on to the row meanwhile, not even to write down who the reader is: an erasure that
 * asked for so much only at its end would wait there for another one, which waits for what this one has swept.
 */
export async function lockSubscriberAlone(tx: Tx, publicationId: string, id: string): Promise<Subscriber | null> {
  return oneRow(tx, `select * from subscribers where publication_id = $1 and id = $2 for update`, [publicationId, id]);
}

/** As lockSubscriberByEmail, by the id that the publication's own systems have for the reader. */
export async function lockSubscriberByExternalId(
  tx: Tx,
  publicationId: string,
  externalId: string,
): Promise<Subscriber | null> {
  return oneRow(tx, `select * from subscribers where publication_id = $1 and external_id = $2 for no key update`, [
    publicationId,
    externalId,
  ]);
}

export async function findSubscriber(tx: Tx, publicationId: string, id: string): Promise<Subscriber | null> {
  return tx.getRepository(Subscriber).findOneBy({ publicationId, id });
}

/** A reader who stays as they are until the transaction ends: an erasure then finds what is written down of them. */
export async function holdSubscriber(tx: Tx, publicationId: string, id: string): Promise<Subscriber | null> {
  return oneRow(tx, `select * from subscribers where publication_id = $1 and id = $2 for key share`, [
    publicationId,
    id,
  ]);
}

export async function subscribersById(tx: Tx, publicationId: string, ids: readonly string[]): Promise<Subscriber[]> {
  return rows(tx, `select * from subscribers where publication_id = $1 and id = any ($2::uuid[])`, [
    publicationId,
    ids,
  ]);
}

/** Those of these readers who were not erased. */
export async function presentAmong(tx: Tx, publicationId: string, ids: readonly string[]): Promise<Set<string>> {
  const found = await rows<{ id: string }>(
    tx,
    `select id from subscribers where publication_id = $1 and id = any ($2::uuid[]) and status <> 'erased'`,
    [publicationId, ids],
  );
  return new Set(found.map(({ id }) => id));
}

/** As presentAmong, and they stay so until the transaction ends: an erasure waits. */
export async function holdPresent(tx: Tx, publicationId: string, ids: readonly string[]): Promise<Set<string>> {
  const found = await rows<{ id: string }>(
    tx,
    `select id from subscribers where publication_id = $1 and id = any ($2::uuid[]) and status <> 'erased' order by id for key share`,
    [publicationId, ids],
  );
  return new Set(found.map(({ id }) => id));
}

export async function findSubscriberByEmail(
  tx: Tx,
  publicationId: string,
  emailKey: string,
): Promise<Subscriber | null> {
  return tx.getRepository(Subscriber).findOneBy({ publicationId, emailKey });
}

export async function updateSubscriber(
  tx: Tx,
  publicationId: string,
  id: string,
  changes: Partial<Omit<Subscriber, 'attributes' | 'changedAt'>>,
  now: Date,
): Promise<void> {
  if (Object.keys(changes).length === 0) return;
  await tx.getRepository(Subscriber).update({ publicationId, id }, { ...changes, changedAt: now });
}

export async function setAttributes(
  tx: Tx,
  publicationId: string,
  id: string,
  attributes: Subscriber['attributes'],
  now: Date,
): Promise<void> {
  await tx.query(
    `update subscribers set attributes = $3, changed_at = $4 where publication_id = $1 and id = $2 and status <> 'erased'`,
    [publicationId, id, attributes, now],
  );
}

export interface SubscriberFilter {
  emailKey: string | null;
  externalId: string | null;
  status: string | null;
}

export async function listSubscribers(
  tx: Tx,
  publicationId: string,
  filter: SubscriberFilter,
  page: PageRequest,
): Promise<Subscriber[]> {
  return rows(
    tx,
    `select * from subscribers
     where publication_id = $1 and ($2::text is null or email_key = $2) and ($3::text is null or external_id = $3)
       and ($4::text is null or status = $4) and ($5::uuid is null or id < $5)
     order by id desc limit $6`,
    [publicationId, filter.emailKey, filter.externalId, filter.status, page.after, page.limit + 1],
  );
}

/**
 * Whether another reader who ever confirmed has this mailbox, had it, or was erased with it. Takes a lock on the mailbox first, until the transaction ends:
 * two aliases that confirm at the same moment would otherwise not see each other.
 */
export async function lockMailboxAndSeeWhetherKnown(
  tx: Tx,
  publicationId: string,
  abuseKey: string,
  exceptId: string,
): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`mailbox/${publicationId}/${abuseKey}`]);
  const known = await oneRow(
    tx,
    `select 1 as found where exists (
         select 1 from subscribers where publication_id = $1 and abuse_key = $2 and confirmed_at is not null and id <> $3)
       or exists (select 1 from former_addresses where publication_id = $1 and abuse_key = $2 and confirmed and subscriber_id <> $3)
       or exists (select 1 from ${ERASURE_KEY} join erased_addresses e on e.hash = ${erasureHash('mailbox', '$2::text')}
         where e.publication_id = $1 and e.confirmed)`,
    [publicationId, abuseKey, exceptId],
  );
  return known !== null;
}

export interface ConsentEntry {
  id: string;
  subscriberId: string;
  act: 'asked' | 'confirmed' | 'withdrawn';
  source: Consent['source'];
  at: Date;
  /** What was agreed to, where it was not the sentence on our own join page. */
  words?: string;
}

/** Version of the words under which readers agree: raise it when the sentence on the join page changes its meaning. */
const CONSENT_TEXT = 'join-2026-11';

export async function recordConsent(tx: Tx, publicationId: string, entry: ConsentEntry): Promise<void> {
  await tx.query(
    `insert into consents (publication_id, id, subscriber_id, act, source, text_version, at) values ($1, $2, $3, $4, $5, $6, $7)`,
    [publicationId, entry.id, entry.subscriberId, entry.act, entry.source, entry.words ?? CONSENT_TEXT, entry.at],
  );
}
