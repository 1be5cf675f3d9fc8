import { oneRow, rows, type Tx } from '../platform/database.js';
import { ProgramSeason } from './publication.entities.js';

export async function insertSeason(tx: Tx, season: ProgramSeason): Promise<void> {
  await tx.getRepository(ProgramSeason).insert(season);
}

/** The seasons of a program after the first, newest first. */
export async function laterSeasons(tx: Tx, publicationId: string, programId: string): Promise<ProgramSeason[]> {
  return rows(
    tx,
    `select * from program_seasons where publication_id = $1 and program_id = $2 order by season desc limit 1000`,
    [publicationId, programId],
  );
}

/** Whether a season began after a moment. */
export async function seasonBegunSince(
  tx: Tx,
  publicationId: string,
  programId: string,
  since: Date,
): Promise<boolean> {
  const found = await oneRow(
    tx,
    `select 1 as found from program_seasons where publication_id = $1 and program_id = $2 and started_at > $3 limit 1`,
    [publicationId, programId, since],
  );
  return found !== null;
}
