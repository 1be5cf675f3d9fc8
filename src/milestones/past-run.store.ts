import { oneRow, rows, type Tx } from '../platform/database.js';
import { PastRun } from './milestone-version.entities.js';

export async function insertPastRun(tx: Tx, run: PastRun): Promise<void> {
  await tx.getRepository(PastRun).insert(run);
}

/** How far it has come; in the transaction of the grants themselves. */
export async function notePastRun(
  tx: Tx,
  { publicationId, id }: Pick<PastRun, 'publicationId' | 'id'>,
  changes: Partial<PastRun>,
): Promise<void> {
  await tx.getRepository(PastRun).update({ publicationId, id }, changes);
}

/**
 * Locks the oldest run that is not over, until the transaction ends; over all publications, the schedule serves everybody. Those
 * at which another process is are skipped, and when it dies its lock ends with it.
 * @param only one publication; null for all
 */
export async function lockNextPastRun(tx: Tx, only: string | null): Promise<PastRun | null> {
  return oneRow(
    tx,
    `select * from past_runs where state = 'running' and ($1::uuid is null or publication_id = $1)
     order by created_at limit 1 for no key update skip locked`,
    [only],
  );
}

/** Whether a program has milestones that are still being granted to those who were past them. */
export async function hasPastRun(
  tx: Tx,
  publicationId: string,
  programId: string,
  milestoneId: string | null,
): Promise<boolean> {
  const found = await oneRow(
    tx,
    `select 1 as found from past_runs r join milestones m on m.publication_id = r.publication_id and m.id = r.milestone_id
     where r.state = 'running' and r.publication_id = $1 and m.program_id = $2 and ($3::uuid is null or m.id = $3)
       and m.archived_at is null limit 1`,
    [publicationId, programId, milestoneId],
  );
  return found !== null;
}

/** The runs of the present versions of milestones. */
export async function pastRunsOf(tx: Tx, publicationId: string, milestoneIds: readonly string[]): Promise<PastRun[]> {
  return rows(
    tx,
    `select r.* from past_runs r
     join milestones m on m.publication_id = r.publication_id and m.id = r.milestone_id and m.version = r.milestone_version
     where r.publication_id = $1 and m.id = any ($2::uuid[])`,
    [publicationId, milestoneIds],
  );
}
