import { Injectable } from '@nestjs/common';
import type { Milestone } from '../milestones/milestone.entities.js';
import type { PastRun } from '../milestones/milestone-version.entities.js';
import { getMilestone } from '../milestones/milestone.store.js';
import { insertPastRun, lockNextPastRun, notePastRun } from '../milestones/past-run.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { getProgram, lockLadder } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { GrantOnce } from './grant-once.js';
import { PastCrossings } from './past-crossings.js';

/**
 * Grants a milestone to those who were past it when it was made or changed. The first participants in the transaction of the change, which
 * are all of a small program; the rest a batch a transaction, each with how far it has come. Killed at any point it goes on where
 * the last commit ended, and who is looked at twice is granted nothing twice.
 */
@Injectable()
export class GrantPast {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly pastCrossings: PastCrossings,
    private readonly grantOnce: GrantOnce,
  ) {}

  /** The caller holds the ladder alone. */
  async begin(tx: Tx, program: Program, milestone: Milestone, now: Date): Promise<void> {
    const { publicationId, id: milestoneId, version: milestoneVersion } = milestone;
    const run: PastRun = {
      ...{ publicationId, id: this.ids.next(), milestoneId, milestoneVersion },
      ...{ state: 'running', afterParticipant: null, granted: 0, capped: 0, createdAt: now, finishedAt: null },
    };
    await insertPastRun(tx, run);
    await this.batch(tx, program, milestone, run, now);
  }

  /** Works until nothing is left, of all publications or of one. */
  async run(only: string | null = null): Promise<void> {
    while (await this.step(only));
  }

  /** One batch; false when there is none that nobody else is at. */
  step(only: string | null): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const run = await lockNextPastRun(tx, only);
      if (run === null) return false;
      const { publicationId, milestoneId } = run;
      const now = this.clock.now();
      const { programId } = await getMilestone(tx, publicationId, milestoneId);
      // Read once the ladder is held: a milestone that is being taken out of force or changed waits, or is seen.
      await lockLadder(tx, publicationId, programId, 'shared');
      const milestone = await getMilestone(tx, publicationId, milestoneId);
      if (milestone.archivedAt === null) {
        await this.batch(tx, await getProgram(tx, publicationId, programId), milestone, run, now);
      } else await notePastRun(tx, run, { state: 'stopped', finishedAt: now });
      return true;
    });
  }

  private async batch(tx: Tx, program: Program, milestone: Milestone, run: PastRun, now: Date): Promise<void> {
    const { crossings, last } = await this.pastCrossings.after(tx, program, milestone, run.afterParticipant, true);
    const { granted, capped } = await this.grantOnce.many(tx, program, milestone, crossings, now);
    const sums = { granted: run.granted + granted, capped: run.capped + capped };
    await notePastRun(tx, run, {
      ...sums,
      ...(last === null ? { state: 'done', finishedAt: now } : { afterParticipant: last }),
    });
  }
}
