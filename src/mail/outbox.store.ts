import { oneRow, rows, type Tx } from '../platform/database.js';
import type { Mail } from './mail.entities.js';
import type { ContactMessage, MessageName, StaffMessage } from './messages.js';
import type { TemplateTexts } from './own/problem.js';

/** A promise to send. `data` holds what the message tells of, without links and names: those are put in when it is rendered. */
interface Promised {
  id: string;
  data: object;
  /** The happening that the mail tells of: a second mail with the same key is not made. */
  dedupeKey: string;
  now: Date;
  /** When it may be sent; now unless said. */
  dueAt?: Date;
}

export interface NewMail extends Promised {
  subscriberId: string;
  message: Exclude<MessageName, StaffMessage | ContactMessage>;
}

/** A mail to somebody who works here, and whose address is no reader's. */
export interface NewStaffMail extends Promised {
  recipient: string;
  message: StaffMessage;
}

/** A mail to somebody who is no reader yet. */
export interface NewContactMail extends Promised {
  recipient: string;
  message: ContactMessage;
}

/** Somebody waits in front of a screen for these; the others can wait behind them after an outage. */
const URGENT: ReadonlySet<MessageName> = new Set(['confirm', 'hub-link', 'program-link', 'staff-sign-in']);

/** Puts a mail into the outbox, in the transaction of what it tells of. False when it is there already. */
export async function enqueueMail(tx: Tx, publicationId: string, mail: NewMail): Promise<boolean> {
  return insertMail(tx, publicationId, { ...mail, recipient: null });
}

/** As enqueueMail, for a mail to staff. */
export async function enqueueStaffMail(tx: Tx, publicationId: string, mail: NewStaffMail): Promise<boolean> {
  return insertMail(tx, publicationId, { ...mail, subscriberId: null });
}

/** As enqueueMail, for a mail to somebody who is no reader yet. */
export async function enqueueContactMail(tx: Tx, publicationId: string, mail: NewContactMail): Promise<boolean> {
  return insertMail(tx, publicationId, { ...mail, subscriberId: null });
}

/** As enqueueStaffMail, for a sample of any mail: its links lead nowhere. */
export async function enqueueSample(
  tx: Tx,
  publicationId: string,
  mail: Promised & { recipient: string; message: MessageName },
): Promise<boolean> {
  return insertMail(tx, publicationId, { ...mail, subscriberId: null });
}

async function insertMail(
  tx: Tx,
  publicationId: string,
  mail: Promised & { subscriberId: string | null; recipient: string | null; message: MessageName },
): Promise<boolean> {
  const inserted = await rows(
    tx,
    `insert into mails (publication_id, id, subscriber_id, recipient, message, data, dedupe_key, priority, state, attempts, uncertain, due_at, created_at)
     values ($1, $2, $3, $9, $4, $5, $6, $7, 'waiting', 0, false, $10, $8)
     on conflict (publication_id, dedupe_key) do nothing returning id`,
    [
      publicationId,
      mail.id,
      mail.subscriberId,
      mail.message,
      mail.data,
      mail.dedupeKey,
      URGENT.has(mail.message) ? 0 : 1,
      mail.now,
      mail.recipient,
      mail.dueAt ?? mail.now,
    ],
  );
  return inserted.length > 0;
}

/** A mail as the worker gets it, with whom it goes to and from. */
export interface ClaimedMail {
  publicationId: string;
  id: string;
  /** Null for a mail to staff. */
  subscriberId: string | null;
  message: MessageName;
  data: Record<string, unknown>;
  attempts: number;
  uncertain: boolean;
  createdAt: Date;
  /** Null of an erased reader, who wants no mail. */
  email: string | null;
  firstName: string | null;
  locale: 'en' | 'ja';
  /** Of the reader. */
  status: string | null;
  /** Since when the reader wants no mails about sharing. */
  mutedAt: Date | null;
  /** When a mail about sharing got its turn, at an earlier try. */
  releasedAt: Date | null;
  publicationName: string;
  fromEmail: string;
  fromName: string | null;
  postalAddress: string | null;
  /** The publication's own words for it, where it has some. */
  ownTexts: TemplateTexts | null;
}

/** Long enough for a slow server, short enough that a killed worker's mails are not late; renewed while sending. */
const LEASE = "interval '120 seconds'";

/**
 * Claims the mails that are due, urgent and oldest first, over all publications: one worker serves everybody. A claim is a
 * lease by the database's clock, so that no two machines need to agree on the time.
 *
 * `probe`: a single mail that finds out whether the server is back, the one that was tried the longest ago. By age it
 * would always be the same, and one that no server takes would hold up all others.
 */
export async function claimMails(tx: Tx, now: Date, limit: number | 'probe'): Promise<ClaimedMail[]> {
  return rows(
    tx,
    `with due as (
       select publication_id, id from mails
       where state = 'waiting' and due_at <= $1 and (lease_until is null or lease_until < clock_timestamp())
       order by ${limit === 'probe' ? 'due_at' : 'priority, created_at'} limit $2 for update skip locked
     ), claimed as (
       update mails m set lease_until = clock_timestamp() + ${LEASE}, attempts = m.attempts + 1
       from due where m.publication_id = due.publication_id and m.id = due.id
       returning m.*
     )
     select c.publication_id, c.id, c.subscriber_id, c.message, c.data, c.attempts, c.uncertain, c.created_at, c.released_at,
       coalesce(c.recipient, s.email) as email, s.first_name, coalesce(s.locale, c.data ->> 'locale', p.locale) as locale, s.status,
       s.program_mails_muted_at as muted_at, p.name as publication_name, p.from_email, p.from_name, p.postal_address,
       (select t.texts from mail_template_versions t
        where t.publication_id = c.publication_id and t.message = c.message
          and t.locale = coalesce(s.locale, c.data ->> 'locale', p.locale)
        order by t.version desc limit 1) as own_texts
     from claimed c
     left join subscribers s on s.publication_id = c.publication_id and s.id = c.subscriber_id
     join publications p on p.id = c.publication_id
     order by c.priority, c.created_at`,
    [now, limit === 'probe' ? 1 : limit],
  );
}

export async function renewLease(tx: Tx, publicationId: string, id: string): Promise<void> {
  await tx.query(
    `update mails set lease_until = clock_timestamp() + ${LEASE} where publication_id = $1 and id = $2 and state = 'waiting'`,
    [publicationId, id],
  );
}

/** Frees the mails that a killed worker had claimed. Only for a process that knows it is alone: others would lose theirs. */
export async function dropLeases(tx: Tx): Promise<void> {
  await tx.query(`update mails set lease_until = null where state = 'waiting' and lease_until is not null`);
}

export async function markSent(tx: Tx, publicationId: string, id: string, at: Date): Promise<void> {
  await tx.query(
    `update mails set state = 'sent', sent_at = $3, lease_until = null, last_error = null where publication_id = $1 and id = $2 and state = 'waiting'`,
    [publicationId, id, at],
  );
}

/** The mail will not be sent: `dead` after too many tries, `uncertain` for a person to decide, `suppressed` because nobody wants it. */
export async function closeMail(
  tx: Tx,
  publicationId: string,
  id: string,
  state: 'dead' | 'uncertain' | 'suppressed',
  why: string,
): Promise<void> {
  await tx.query(
    `update mails set state = $3, lease_until = null, last_error = $4 where publication_id = $1 and id = $2 and state = 'waiting'`,
    [publicationId, id, state, why],
  );
}

/** Closes all mails of a publication that wait. Answers nothing: a worker may be sending some of them. */
export async function suppressWaiting(tx: Tx, publicationId: string, why: string): Promise<void> {
  await tx.query(
    `update mails set state = 'suppressed', last_error = $2 where publication_id = $1 and state = 'waiting'`,
    [publicationId, why],
  );
}

/** Gives a mail back to be tried at `dueAt`. `countTry` is false where the try was no fault of the mail's. */
export async function retryMail(
  tx: Tx,
  publicationId: string,
  id: string,
  retry: { dueAt: Date; why: string; countTry: boolean; uncertain: boolean },
): Promise<void> {
  await tx.query(
    `update mails set lease_until = null, due_at = $3, last_error = $4, attempts = attempts - case when $5 then 0 else 1 end, uncertain = uncertain or $6
     where publication_id = $1 and id = $2 and state = 'waiting'`,
    [publicationId, id, retry.dueAt, retry.why, retry.countTry, retry.uncertain],
  );
}

/** A reader's mail by its id, for the token that names it. */
export async function findMail(
  tx: Tx,
  publicationId: string,
  id: string,
): Promise<{ subscriberId: string; message: MessageName; state: Mail['state']; sentAt: Date | null } | null> {
  return oneRow(
    tx,
    `select subscriber_id, message, state, sent_at from mails where publication_id = $1 and id = $2 and subscriber_id is not null`,
    [publicationId, id],
  );
}

/** Takes back the mails of a kind to a reader, sent ones too: a token that names one of them is good for nothing any more. */
export async function withdrawMails(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
  message: MessageName,
  why: string,
): Promise<void> {
  await tx.query(
    `update mails set state = 'suppressed', lease_until = null, last_error = $4
     where publication_id = $1 and subscriber_id = $2 and message = $3 and state <> 'suppressed'`,
    [publicationId, subscriberId, message, why],
  );
}

/** Whether a reader was promised a mail of this kind that was not taken back. */
export async function hasMail(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
  message: MessageName,
): Promise<boolean> {
  const mail = await oneRow(
    tx,
    `select 1 as found from mails where publication_id = $1 and subscriber_id = $2 and message = $3 and state <> 'suppressed' limit 1`,
    [publicationId, subscriberId, message],
  );
  return mail !== null;
}

/**
 * Confirm mails that were sent within a time, that nobody has answered and that nobody was reminded of; oldest first, over all
 * publications.
 */
export async function confirmMailsToRemindOf(
  tx: Tx,
  sent: { after: Date; until: Date },
  limit: number,
): Promise<{ publicationId: string; id: string; subscriberId: string }[]> {
  return rows(
    tx,
    `select m.publication_id, m.id, m.subscriber_id
     from mails m join subscribers s on s.publication_id = m.publication_id and s.id = m.subscriber_id
     where m.message = 'confirm' and m.state = 'sent' and m.sent_at > $1 and m.sent_at <= $2 and s.status = 'pending'
       and not exists (
         select 1 from mails r
         where r.publication_id = m.publication_id and r.subscriber_id = m.subscriber_id and r.message = 'confirm-reminder')
     order by m.sent_at limit $3`,
    [sent.after, sent.until, limit],
  );
}

/** Mails of all publications that are due and not sent, whoever claimed them. */
export async function countDueMails(tx: Tx, now: Date): Promise<number> {
  const row = await oneRow<{ count: number }>(
    tx,
    `select count(*)::int as count from mails where state = 'waiting' and due_at <= $1`,
    [now],
  );
  return row?.count ?? 0;
}

/** The mails to a reader, oldest first: which, and what became of them. */
export async function mailsTo(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
): Promise<Pick<Mail, 'message' | 'state' | 'createdAt' | 'sentAt'>[]> {
  return rows(
    tx,
    `select message, state, created_at, sent_at from mails where publication_id = $1 and subscriber_id = $2 order by id`,
    [publicationId, subscriberId],
  );
}

/** Puts one more friend into the mail about friends that waits for a participant. False when none waits. */
export async function bundleMail(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
  participantId: string,
  referralId: string,
): Promise<boolean> {
  const found = await rows(
    tx,
    `update mails set message = 'referral-verified', data = jsonb_set(data, '{referralIds}', data -> 'referralIds' || to_jsonb($4::text))
     where publication_id = $1 and id = (
       select id from mails
       where publication_id = $1 and subscriber_id = $2 and message in ('first-referral', 'referral-verified')
         and state = 'waiting' and lease_until is null and released_at is null and data ->> 'participantId' = $3
       order by id desc limit 1 for update skip locked)
     returning id`,
    [publicationId, subscriberId, participantId, referralId],
  );
  return found.length > 0;
}
