import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import type { StaffActor } from '../domain/permissions.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { getProgram, lockLadder, updateProgram } from '../publications/program.store.js';
import type { Program, ProgramSeason } from '../publications/publication.entities.js';
import { insertSeason } from '../publications/season.store.js';
import { Audit } from './audit.js';
import { refuseWhilePastRuns } from './check-milestone.js';

/**
 * Begins a season: everybody counts from nothing again. What was counted stays in its season, and what was granted stays; a
 * milestone without `every` is not granted again. A confirmation that is under way counts in the season that its count is written in.
 */
@Injectable()
export class StartSeason {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /**
   * Throws `milestone/past-running`, and `program/season-changed` so that of two who begin one at once one is refused.
   * @param ends the season that ends, as the editor saw it; null: the present one
   */
  run({ publicationId, id: programId, season }: Program, ends: number | null, by: StaffActor): Promise<ProgramSeason> {
    const expected = ends ?? season;
    return this.database.transaction(async (tx) => {
      await lockLadder(tx, publicationId, programId, 'alone');
      const program = await getProgram(tx, publicationId, programId);
      if (program.season !== expected) {
        throw new DomainError('program/season-changed', `The season is ${program.season}, and no longer ${expected}`);
      }
      await refuseWhilePastRuns(tx, program, null);
      const now = this.clock.now();
      const begun = { publicationId, programId, season: expected + 1, actor: by.actor, startedAt: now };
      await updateProgram(tx, publicationId, programId, { season: begun.season });
      await insertSeason(tx, begun);
      const subject = { kind: 'program', id: programId };
      await this.audit.within(
        tx,
        publicationId,
        by,
        { act: 'program.season', subject, data: { season: begun.season } },
        now,
      );
      return begun;
    });
  }
}
