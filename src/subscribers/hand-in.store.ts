import { oneRow, rows, type Tx } from '../platform/database.js';
import { ERASURE_KEY, erasureHash } from '../platform/erasure-key.js';
import type { HandIn } from './subscriber.entities.js';

/** What is kept of a contact until its owner agrees. */
export interface Contact {
  email: string;
  emailKey: string;
  abuseKey: string;
}

/** Whether an address or its mailbox is a reader's, was one's, or was erased: then nobody is asked. */
export async function isKnownContact(tx: Tx, publicationId: string, { emailKey, abuseKey }: Contact): Promise<boolean> {
  const known = await oneRow(
    tx,
    `select 1 as found where exists (select 1 from subscribers where publication_id = $1 and (email_key = $2 or abuse_key = $3))
       or exists (select 1 from former_addresses where publication_id = $1 and (email_key = $2 or abuse_key = $3))
       or exists (select 1 from ${ERASURE_KEY} join erased_addresses e on e.hash in (
           ${erasureHash('address', '$2::text')}, ${erasureHash('mailbox', '$3::text')}) where e.publication_id = $1)`,
    [publicationId, emailKey, abuseKey],
  );
  return known !== null;
}

/**
 * Takes the one place in which a mailbox may be asked. False when it was asked after `again`, or declined. Of any number at
 * once one gets it, and the others wait for that one to commit.
 */
export async function takeAsk(
  tx: Tx,
  publicationId: string,
  ask: { abuseKey: string; handInId: string; now: Date; again: Date },
): Promise<boolean> {
  const taken = await rows(
    tx,
    `insert into asked_addresses as a (publication_id, hash, hand_in, declined, asked_at)
     select $1, ${erasureHash('mailbox', '$2::text')}, $3, false, $4 from ${ERASURE_KEY}
     on conflict (publication_id, hash) do update set hand_in = excluded.hand_in, asked_at = excluded.asked_at
       where not a.declined and a.asked_at <= $5
     returning hand_in`,
    [publicationId, ask.abuseKey, ask.handInId, ask.now, ask.again],
  );
  return taken.length > 0;
}

/** Gives the place back: nobody was asked after all. */
export async function giveBackAsk(tx: Tx, publicationId: string, handInId: string): Promise<void> {
  await tx.query(`delete from asked_addresses where publication_id = $1 and hand_in = $2`, [publicationId, handInId]);
}

/** Nobody asks this mailbox again, by what was once handed in. */
export async function declineAsk(tx: Tx, publicationId: string, handInId: string): Promise<void> {
  await tx.query(`update asked_addresses set declined = true where publication_id = $1 and hand_in = $2`, [
    publicationId,
    handInId,
  ]);
}

/** Over all publications: places that may be taken again. */
export async function removeAsksBefore(tx: Tx, moment: Date): Promise<void> {
  await tx.query(`delete from asked_addresses where not declined and asked_at <= $1`, [moment]);
}

export async function insertHandIn(
  tx: Tx,
  publicationId: string,
  handIn: Contact & Pick<HandIn, 'id' | 'participantId' | 'textVersion' | 'handedInAt'>,
): Promise<void> {
  await tx.query(
    `insert into hand_ins (publication_id, id, participant_id, email, email_key, abuse_key, text_version, handed_in_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      publicationId, handIn.id, handIn.participantId, handIn.email, handIn.emailKey, handIn.abuseKey, handIn.textVersion,
      handIn.handedInAt,
    ], // prettier-ignore
  );
}

/** What was handed in, with the name of who did; null once it is deleted. */
export async function findHandIn(
  tx: Tx,
  publicationId: string,
  id: string,
): Promise<(HandIn & { referrerName: string | null }) | null> {
  return oneRow(
    tx,
    `select h.*, s.first_name as referrer_name from hand_ins h
     join participants p on p.publication_id = h.publication_id and p.id = h.participant_id
     join subscribers s on s.publication_id = p.publication_id and s.id = p.subscriber_id
     where h.publication_id = $1 and h.id = $2`,
    [publicationId, id],
  );
}

/** As findHandIn, locked until the transaction ends. */
export async function lockHandIn(tx: Tx, publicationId: string, id: string): Promise<HandIn | null> {
  return oneRow(tx, `select * from hand_ins where publication_id = $1 and id = $2 for update`, [publicationId, id]);
}

/** The contact has become a reader: the address is theirs from now on, and only there. */
export async function confirmHandIn(
  tx: Tx,
  publicationId: string,
  id: string,
  { subscriberId, now }: { subscriberId: string; now: Date },
): Promise<void> {
  await tx.query(
    `update hand_ins set email = null, email_key = null, abuse_key = null, subscriber_id = $3, confirmed_at = $4
     where publication_id = $1 and id = $2`,
    [publicationId, id, subscriberId, now],
  );
}

export async function deleteHandIns(tx: Tx, publicationId: string, ids: readonly string[]): Promise<void> {
  await tx.query(`delete from hand_ins where publication_id = $1 and id = any ($2::uuid[])`, [publicationId, ids]);
}

/** Contacts that were handed in before a moment and have not answered, of all publications; those that somebody holds are left out. */
export async function lockUnanswered(
  tx: Tx,
  before: Date,
  limit: number,
): Promise<Pick<HandIn, 'publicationId' | 'id'>[]> {
  return rows(
    tx,
    `select publication_id, id from hand_ins where confirmed_at is null and handed_in_at <= $1
     order by handed_in_at limit $2 for update skip locked`,
    [before, limit],
  );
}

/** Contacts that wait for an answer and were handed in by a reader, or are one of these addresses. */
export async function lockWaitingOf(
  tx: Tx,
  publicationId: string,
  { subscriberId, emailKeys }: { subscriberId: string; emailKeys: readonly string[] },
): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    `select h.id from hand_ins h join participants p on p.publication_id = h.publication_id and p.id = h.participant_id
     where h.publication_id = $1 and h.confirmed_at is null and (p.subscriber_id = $2 or h.email_key = any ($3::text[]))
     order by h.id for update of h`,
    [publicationId, subscriberId, emailKeys],
  );
  return found.map(({ id }) => id);
}
