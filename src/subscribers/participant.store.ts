import { oneRow, rows, type Tx } from '../platform/database.js';

/** Somebody who takes part, with what others see of them. Who is invited, or has applied, has no code and is none yet. */
export interface ParticipantCard {
  id: string;
  programId: string;
  subscriberId: string;
  code: string;
  createdAt: Date;
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
