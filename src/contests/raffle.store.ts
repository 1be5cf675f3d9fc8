import { oneRow, rows, type Tx } from '../platform/database.js';
import { Raffle, RafflePrize } from './raffle.entities.js';

export async function insertRaffle(
  tx: Tx,
  raffle: Raffle,
  prizes: readonly Pick<RafflePrize, 'rewardId' | 'count'>[],
): Promise<void> {
  await tx.getRepository(Raffle).insert(raffle);
  const { publicationId, id: raffleId } = raffle;
  const rows = prizes.map((prize, index) => ({ publicationId, raffleId, position: index + 1, ...prize }));
  await tx.getRepository(RafflePrize).insert(rows);
}

export async function findRaffle(tx: Tx, publicationId: string, id: string): Promise<Raffle | null> {
  return tx.getRepository(Raffle).findOneBy({ publicationId, id });
}

/** A raffle of whatever publication: its page is public, and its address names nothing but the raffle. */
export async function findShownRaffle(tx: Tx, id: string): Promise<Raffle | null> {
  return oneRow(tx, `select * from raffles where id = $1`, [id]);
}

export async function lockRaffle(tx: Tx, publicationId: string, id: string): Promise<Raffle | null> {
  return oneRow(tx, `select * from raffles where publication_id = $1 and id = $2 for no key update`, [
    publicationId,
    id,
  ]);
}

/** The raffles of a program, newest first; a program has a handful. */
export async function listRaffles(tx: Tx, publicationId: string, programId: string): Promise<Raffle[]> {
  return rows(tx, `select * from raffles where publication_id = $1 and program_id = $2 order by id desc limit 1000`, [
    publicationId,
    programId,
  ]);
}

/** The raffles of a program that one can enter at a moment. */
export async function runningRaffles(tx: Tx, publicationId: string, programId: string, now: Date): Promise<Raffle[]> {
  return rows(
    tx,
    `select * from raffles where publication_id = $1 and program_id = $2 and starts_at <= $3 and ends_at > $3 and cancelled_at is null
     order by ends_at, id limit 20`,
    [publicationId, programId, now],
  );
}

/** The raffles that ended before a moment and are not drawn, over all publications: the schedule serves everybody. */
export async function rafflesToDraw(tx: Tx, before: Date): Promise<Raffle[]> {
  return rows(
    tx,
    `select * from raffles where drawn_at is null and cancelled_at is null and ends_at <= $1 order by ends_at, id limit 1000`,
    [before],
  );
}

/** The prizes of these raffles, in the order of drawing. */
export async function prizesOfRaffles(
  tx: Tx,
  publicationId: string,
  raffleIds: readonly string[],
): Promise<(RafflePrize & { rewardName: string })[]> {
  return rows(
    tx,
    `select z.*, w.name as reward_name from raffle_prizes z
     join rewards w on w.publication_id = z.publication_id and w.id = z.reward_id
     where z.publication_id = $1 and z.raffle_id = any ($2::uuid[]) order by z.raffle_id, z.position`,
    [publicationId, raffleIds],
  );
}

export async function noteCancelled(tx: Tx, { publicationId, id }: Raffle, cancelledAt: Date): Promise<void> {
  await tx.getRepository(Raffle).update({ publicationId, id }, { cancelledAt });
}

export async function noteDrawn(
  tx: Tx,
  { publicationId, id }: Raffle,
  drawn: Pick<Raffle, 'drawnAt' | 'listHash' | 'entryCount'>,
): Promise<void> {
  await tx.getRepository(Raffle).update({ publicationId, id }, drawn);
}
