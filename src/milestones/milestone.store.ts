import { rows, type Tx } from '../platform/database.js';
import { Milestone, type MilestoneBody } from './milestone.entities.js';
import { MilestoneVersion } from './milestone-version.entities.js';

/** With its first version. */
export async function insertMilestone(tx: Tx, milestone: Milestone, actor: string): Promise<void> {
  await tx.getRepository(Milestone).insert(milestone);
  await keepVersion(tx, milestone, actor);
}

/** Writes a milestone as it is from now on, and keeps that as a version. The caller holds the ladder alone. */
export async function changeMilestone(tx: Tx, milestone: Milestone, actor: string): Promise<void> {
  const { publicationId, id, ...columns } = milestone;
  await tx.getRepository(Milestone).update({ publicationId, id }, columns);
  await keepVersion(tx, milestone, actor);
}

async function keepVersion(tx: Tx, milestone: Milestone, actor: string): Promise<void> {
  const { publicationId, id: milestoneId, version, changedAt: at } = milestone;
  await tx
    .getRepository(MilestoneVersion)
    .insert({ publicationId, milestoneId, version, rule: bodyOf(milestone), actor, at });
}

/** As much of a milestone as an editor says. */
export function bodyOf(milestone: MilestoneBody): MilestoneBody {
  const { name, stage, threshold, every, recipient, rewardId, approval, holdDays, cap, audience, past } = milestone;
  return { name, stage, threshold, every, recipient, rewardId, approval, holdDays, cap, audience, past };
}

/** All versions of a milestone, newest first. */
export async function versionsOf(tx: Tx, publicationId: string, milestoneId: string): Promise<MilestoneVersion[]> {
  return rows(
    tx,
    `select * from milestone_versions where publication_id = $1 and milestone_id = $2 order by version desc limit 200`,
    [publicationId, milestoneId],
  );
}

/** The milestones of a program that are in force, lowest first. A program has a handful. */
export async function listMilestones(tx: Tx, publicationId: string, programId: string): Promise<Milestone[]> {
  return rows(
    tx,
    `select * from milestones where publication_id = $1 and program_id = $2 and archived_at is null order by threshold, id`,
    [publicationId, programId],
  );
}

/** How many are in force in each program of a publication; a program without any is not in it. */
export async function countMilestones(tx: Tx, publicationId: string): Promise<Map<string, number>> {
  const counts = await rows<{ programId: string; count: number }>(
    tx,
    `select program_id, count(*)::int as count from milestones
     where publication_id = $1 and archived_at is null group by program_id`,
    [publicationId],
  );
  return new Map(counts.map(({ programId, count }) => [programId, count]));
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

/** Whether a milestone came, went or was changed after a moment. */
export async function ladderChangedSince(
  tx: Tx,
  publicationId: string,
  programId: string,
  since: Date,
): Promise<boolean> {
  const found = await rows(
    tx,
    `select id from milestones where publication_id = $1 and program_id = $2 and (changed_at > $3 or archived_at > $3) limit 1`,
    [publicationId, programId, since],
  );
  return found.length > 0;
}

/** Takes a milestone out of force. Its grants stay. */
export async function archiveMilestone(tx: Tx, publicationId: string, id: string, at: Date): Promise<void> {
  await tx.getRepository(Milestone).update({ publicationId, id }, { archivedAt: at });
}
