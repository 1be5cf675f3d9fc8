import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { Participant } from './subscriber.entities.js';

/** A reader's way into a program, locked until the transaction ends. */
export async function lockParticipation(
  tx: Tx,
  publicationId: string,
  programId: string,
  subscriberId: string,
): Promise<Participant | null> {
  return oneRow(
    tx,
    `select * from participants where publication_id = $1 and program_id = $2 and subscriber_id = $3 for no key update`,
    [publicationId, programId, subscriberId],
  );
}

/** As lockParticipation, by the participant's id. */
export async function lockParticipant(
  tx: Tx,
  publicationId: string,
  programId: string,
  id: string,
): Promise<Participant | null> {
  return oneRow(
    tx,
    `select * from participants where publication_id = $1 and program_id = $2 and id = $3 for no key update`,
    [publicationId, programId, id],
  );
}

/** False when the reader has a row in the program already. */
export async function insertParticipant(tx: Tx, participant: Participant): Promise<boolean> {
  const inserted = await rows(
    tx,
    `insert into participants (publication_id, id, program_id, subscriber_id, status, is_asked, requirements, answers, applied_at, created_at, invited_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (publication_id, program_id, subscriber_id) do nothing returning id`,
    [
      participant.publicationId, participant.id, participant.programId, participant.subscriberId, participant.status,
      participant.isAsked, participant.requirements, participant.answers, participant.appliedAt, participant.createdAt,
      participant.invitedAt,
    ], // prettier-ignore
  );
  return inserted.length > 0;
}

export async function updateParticipant(
  tx: Tx,
  publicationId: string,
  id: string,
  changes: Partial<Omit<Participant, 'answers' | 'shareWords'>> & Partial<Pick<Participant, 'answers' | 'shareWords'>>,
): Promise<void> {
  if (Object.keys(changes).length > 0) await tx.getRepository(Participant).update({ publicationId, id }, changes);
}

/** Takes back the invitations of all publications that nobody pressed: what was asked before a moment. */
export async function endInvitations(tx: Tx, askedBefore: Date, now: Date): Promise<void> {
  await tx.query(
    `update participants set status = 'rejected', decided_at = $2 where status = 'invited' and is_asked and invited_at < $1`,
    [askedBefore, now],
  );
}

/** Everything that a reader is in or on the way into. */
export async function participationsIn(tx: Tx, publicationId: string, subscriberId: string): Promise<Participant[]> {
  return tx.getRepository(Participant).find({ where: { publicationId, subscriberId }, order: { id: 'ASC' } });
}

/** A participant as staff see them. Of an erased reader address and name are null. */
export interface ParticipantRow extends Participant {
  email: string | null;
  firstName: string | null;
  subscriberStatus: string;
  /** Null until they take part. */
  code: string | null;
}

const ROW = `
  select p.*, s.email, s.first_name, s.status as subscriber_status, c.code
  from participants p
  join subscribers s on s.publication_id = p.publication_id and s.id = p.subscriber_id
  left join share_codes c on c.publication_id = p.publication_id and c.participant_id = p.id`;

export async function participantRow(tx: Tx, publicationId: string, id: string): Promise<ParticipantRow | null> {
  return oneRow(tx, `${ROW} where p.publication_id = $1 and p.id = $2`, [publicationId, id]);
}

export async function listParticipants(
  tx: Tx,
  publicationId: string,
  filter: { programId: string; status: string | null; subscriberId: string | null },
  page: PageRequest,
): Promise<ParticipantRow[]> {
  return rows(
    tx,
    `${ROW} where p.publication_id = $1 and p.program_id = $2 and ($3::text is null or p.status = $3)
       and ($4::uuid is null or p.subscriber_id = $4) and ($5::uuid is null or p.id < $5)
     order by p.id desc limit $6`,
    [publicationId, filter.programId, filter.status, filter.subscriberId, page.after, page.limit + 1],
  );
}

/** Of many readers, all that they are in or on the way into, with the code of those who take part. */
export async function standingsOf(
  tx: Tx,
  publicationId: string,
  subscriberIds: readonly string[],
): Promise<(Pick<Participant, 'id' | 'programId' | 'subscriberId' | 'status'> & { code: string | null })[]> {
  return rows(
    tx,
    `select p.id, p.program_id, p.subscriber_id, p.status, c.code from participants p
     left join share_codes c on c.publication_id = p.publication_id and c.participant_id = p.id
     where p.publication_id = $1 and p.subscriber_id = any ($2::uuid[]) order by p.id`,
    [publicationId, subscriberIds],
  );
}

/** Empties what a reader wrote into their applications. */
export async function forgetAnswers(tx: Tx, publicationId: string, subscriberId: string): Promise<void> {
  await tx.query(
    `update participants set answers = '{}', share_words = '{}'
     where publication_id = $1 and subscriber_id = $2 and (answers <> '{}' or share_words <> '{}')`,
    [publicationId, subscriberId],
  );
}

/** How many of each status each program of a publication has. */
export async function countParticipants(
  tx: Tx,
  publicationId: string,
): Promise<{ programId: string; status: Participant['status']; count: number }[]> {
  return rows(
    tx,
    `select program_id, status, count(*)::int as count from participants where publication_id = $1 group by program_id, status`,
    [publicationId],
  );
}
