import { DomainError, invalid } from '../domain/errors.js';
import { ruleProblem } from '../domain/milestones.js';
import { stagesOfMilestones } from '../domain/stages.js';
import type { MilestoneBody } from '../milestones/milestone.entities.js';
import { hasPastRun } from '../milestones/past-run.store.js';
import { findReward } from '../milestones/reward.store.js';
import type { Tx } from '../platform/database.js';
import type { Program } from '../publications/publication.entities.js';

/** Throws `request/invalid` for what no milestone of this program can be. */
export async function checkMilestone(tx: Tx, program: Program, body: MilestoneBody): Promise<void> {
  const problem = ruleProblem(body);
  if (problem !== null) throw invalid(problem.path, problem.message);
  const stages = stagesOfMilestones(program.stages);
  if (!stages.includes(body.stage)) throw invalid('stage', `must be a stage of this program: ${stages.join(', ')}`);
  if ((await findReward(tx, program.publicationId, body.rewardId)) === null) {
    throw invalid('rewardId', 'there is no such reward');
  }
}

/**
 * Throws `milestone/past-running` while those who were past a milestone are still being granted it: what they were promised would
 * change, or the counts that it goes by.
 * @param milestoneId null: any of the program
 */
export async function refuseWhilePastRuns(
  tx: Tx,
  program: Pick<Program, 'publicationId' | 'id'>,
  milestoneId: string | null,
): Promise<void> {
  if (!(await hasPastRun(tx, program.publicationId, program.id, milestoneId))) return;
  throw new DomainError(
    'milestone/past-running',
    'Those who are past it are still being granted; try again in a moment',
  );
}
