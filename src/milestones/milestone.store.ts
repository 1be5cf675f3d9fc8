import { rows, type Tx } from '../platform/database.js';
import { Milestone } from './milestone.entities.js';

export async function insertMilestone(tx: Tx, milestone: Milestone): Promise<void> {
  await tx.getRepository(Milestone).insert(milestone);
}

/** The milestones of a program that are in force, lowest first. A program has a handful. */
export async function listMilestones(tx: Tx, publicationId: string, programId: string): Promise<Milestone[]> {
  return rows(
    tx,
    `select * from milestones where publication_id = $1 and program_id = $2 and archived_at is null order by threshold, id`,
    [publicationId, programId],
  );
}

/** The milestones that a program has or had at a stage, those out of force since too: their grants go on. */
export async function milestonesEverAt(
  tx: Tx,
  publicationId: string,
  programId: string,
  stage: string,
): Promise<Milestone[]> {
  return rows(tx, `select * from milestones where publication_id = $1 and program_id = $2 and stage = $3 order by id`, [
    publicationId,
    programId,
    stage,
  ]);
}

export async function findMilestone(
  tx: Tx,
  publicationId: string,
  programId: string,
  id: string,
): Promise<Milestone | null> {
  return tx.getRepository(Milestone).findOneBy({ publicationId, programId, id });
}

/** Throws when there is none: a grant refers to it. */
export async function getMilestone(tx: Tx, publicationId: string, id: string): Promise<Milestone> {
  return tx.getRepository(Milestone).findOneByOrFail({ publicationId, id });
}

/** Whether a milestone came or went after a moment. */
export async function ladderChangedSince(
  tx: Tx,
  publicationId: string,
  programId: string,
  since: Date,
): Promise<boolean> {
  const found = await rows(
    tx,
    `select id from milestones where publication_id = $1 and program_id = $2 and (created_at > $3 or archived_at > $3) limit 1`,
    [publicationId, programId, since],
  );
  return found.length > 0;
}

/** Takes a milestone out of force. Its grants stay. */
export async function archiveMilestone(tx: Tx, publicationId: string, id: string, at: Date): Promise<void> {
  await tx.getRepository(Milestone).update({ publicationId, id }, { archivedAt: at });
}

export async function renameMilestone(tx: Tx, publicationId: string, id: string, name: string): Promise<void> {
  await tx.getRepository(Milestone).update({ publicationId, id }, { name });
}
