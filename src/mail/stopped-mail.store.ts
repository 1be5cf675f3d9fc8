import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import type { Mail } from './mail.entities.js';

export type MailState = Mail['state'];

/** A mail as staff see it. */
export interface ShownMail {
  id: string;
  subscriberId: string | null;
  /** Null of an erased reader. */
  email: string | null;
  message: string;
  state: MailState;
  attempts: number;
  dueAt: Date;
  createdAt: Date;
  sentAt: Date | null;
  lastError: string | null;
}

/** Mails in a state, newest first. */
export async function listMails(
  tx: Tx,
  publicationId: string,
  state: MailState,
  page: PageRequest,
): Promise<ShownMail[]> {
  return rows(
    tx,
    `select m.id, m.subscriber_id, coalesce(m.recipient, s.email) as email, m.message, m.state, m.attempts, m.due_at, m.created_at, m.sent_at,
       m.last_error
     from mails m left join subscribers s on s.publication_id = m.publication_id and s.id = m.subscriber_id
     where m.publication_id = $1 and m.state = $2 and ($3::uuid is null or m.id < $3) order by m.id desc limit $4`,
    [publicationId, state, page.after, page.limit + 1],
  );
}

/** How many are in each state that does not end well, and how many wait; counted up to 1,000. */
export async function countMails(tx: Tx, publicationId: string): Promise<Record<MailState, number>> {
  const states = ['waiting', 'dead', 'uncertain', 'suppressed', 'sent'] as const;
  const counted = states.map(
    (state) =>
      `(select count(*)::int from (select 1 from mails where publication_id = $1 and state = '${state}' limit 1000) m) as ${state}`,
  );
  const row = await oneRow<Record<MailState, number>>(tx, `select ${counted.join(', ')}`, [publicationId]);
  if (row === null) throw new Error('a statement without from gave no row');
  return row;
}

/** A mail, locked until the transaction ends. */
export async function lockMail(tx: Tx, publicationId: string, id: string): Promise<Mail | null> {
  return oneRow(tx, `select * from mails where publication_id = $1 and id = $2 for update`, [publicationId, id]);
}

/** False of a mail that neither gave up nor is uncertain. */
export async function putBackMail(tx: Tx, publicationId: string, id: string, now: Date): Promise<boolean> {
  const put = await rows(
    tx,
    `update mails set state = 'waiting', attempts = 0, uncertain = false, due_at = $3, lease_until = null
     where publication_id = $1 and id = $2 and state in ('dead', 'uncertain') returning id`,
    [publicationId, id, now],
  );
  return put.length > 0;
}

/** Leaves a mail that stopped unsent; `last_error` goes on saying why it stopped. False of any other. */
export async function closeStopped(tx: Tx, publicationId: string, id: string): Promise<boolean> {
  const closed = await rows(
    tx,
    `update mails set state = 'suppressed' where publication_id = $1 and id = $2 and state in ('dead', 'uncertain') returning id`,
    [publicationId, id],
  );
  return closed.length > 0;
}

/** Promises a mail to a reader once more. False when that was done under the same key, or it was not sent. */
export async function copyMail(
  tx: Tx,
  publicationId: string,
  id: string,
  copy: { id: string; dedupeKey: string; now: Date },
): Promise<boolean> {
  const copied = await rows(
    tx,
    `insert into mails (publication_id, id, subscriber_id, message, data, dedupe_key, priority, state, attempts, uncertain, due_at, created_at)
     select publication_id, $3, subscriber_id, message, data, $4, priority, 'waiting', 0, false, $5, $5
     from mails where publication_id = $1 and id = $2 and state = 'sent' and subscriber_id is not null
     on conflict (publication_id, dedupe_key) do nothing returning id`,
    [publicationId, id, copy.id, copy.dedupeKey, copy.now],
  );
  return copied.length > 0;
}
