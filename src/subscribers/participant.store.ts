import { oneRow, rows, type Tx } from '../platform/database.js';

/** A participant with what others see of them. */
export interface ParticipantCard {
  id: string;
  programId: string;
  subscriberId: string;
  code: string;
  createdAt: Date;
}

/** Makes the subscriber a participant of the program; does nothing when they are. Answers the id, new or old. */
export async function enrol(
  tx: Tx,
  publicationId: string,
  participant: { id: string; programId: string; subscriberId: string; createdAt: Date },
): Promise<{ id: string; isNew: boolean }> {
  const inserted = await oneRow<{ id: string }>(
    tx,
    `insert into participants (publication_id, id, program_id, subscriber_id, created_at) values ($1, $2, $3, $4, $5)
     on conflict (publication_id, program_id, subscriber_id) do nothing returning id`,
    [publicationId, participant.id, participant.programId, participant.subscriberId, participant.createdAt],
  );
  if (inserted !== null) return { id: inserted.id, isNew: true };
  const [known] = await rows<{ id: string }>(
    tx,
    `select id from participants where publication_id = $1 and program_id = $2 and subscriber_id = $3`,
    [publicationId, participant.programId, participant.subscriberId],
  );
  if (known === undefined) throw new Error('a participant vanished while being enrolled');
  return { id: known.id, isNew: false };
}

/** False when somebody on this instance has the code. */
export async function claimShareCode(
  tx: Tx,
  publicationId: string,
  participantId: string,
  code: string,
): Promise<boolean> {
  const claimed = await rows(
    tx,
    `insert into share_codes (code, publication_id, participant_id) values ($1, $2, $3) on conflict (code) do nothing returning code`,
    [code, publicationId, participantId],
  );
  return claimed.length > 0;
}

const CARD = `
  select p.id, p.program_id, p.subscriber_id, c.code, p.created_at
  from participants p join share_codes c on c.publication_id = p.publication_id and c.participant_id = p.id`;

export async function participantsOf(
  tx: Tx,
  publicationId: string,
  subscriberIds: readonly string[],
): Promise<ParticipantCard[]> {
  return rows(tx, `${CARD} where p.publication_id = $1 and p.subscriber_id = any ($2::uuid[]) order by p.id`, [
    publicationId,
    subscriberIds,
  ]);
}

export async function participantsById(
  tx: Tx,
  publicationId: string,
  ids: readonly string[],
): Promise<ParticipantCard[]> {
  return rows(tx, `${CARD} where p.publication_id = $1 and p.id = any ($2::uuid[])`, [publicationId, ids]);
}

/** An erased reader brings nobody any more. */
const OF_PRESENT = `
  exists (select 1 from subscribers s where s.publication_id = p.publication_id and s.id = p.subscriber_id and s.status <> 'erased')`;

/** Who of these participants can still bring friends. */
export async function referrersById(tx: Tx, publicationId: string, ids: readonly string[]): Promise<ParticipantCard[]> {
  return rows(tx, `${CARD} where p.publication_id = $1 and p.id = any ($2::uuid[]) and ${OF_PRESENT}`, [
    publicationId,
    ids,
  ]);
}

/** As referrersById, by a share code of the publication. */
export async function referrerByCode(tx: Tx, publicationId: string, code: string): Promise<ParticipantCard | null> {
  return oneRow(tx, `${CARD} where p.publication_id = $1 and c.code = $2 and ${OF_PRESENT}`, [publicationId, code]);
}
