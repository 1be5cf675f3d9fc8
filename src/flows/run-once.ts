import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../platform/database.js';
import { failpoint } from '../platform/failpoints.js';
import { insertRun } from '../schedules/schedule-run.store.js';
import type { ScheduleRun } from '../schedules/schedule-run.entities.js';

/**
 * Does what happens at a set time, once over all processes and whatever the clock does: the key of the run and the work are one
 * transaction. Who dies in the middle has done nothing, and who comes at the same moment waits for the key and finds it taken.
 */
@Injectable()
export class RunOnce {
  constructor(private readonly database: Database) {}

  /** False when it was done. */
  run(run: ScheduleRun, work: (tx: Tx) => Promise<void>): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (!(await insertRun(tx, run))) return false;
      failpoint('schedule-key-inserted');
      await work(tx);
      return true;
    });
  }
}
