import { Inject, Injectable } from '@nestjs/common';
import { dueSlot } from '../domain/schedule.js';
import { codeDrift, ledgerDrift, negativeBalances } from '../milestones/reconcile.store.js';
import { Database, type Tx } from '../platform/database.js';
import { LOG, type Log } from '../platform/log.js';
import { timezonesInUse } from '../publications/publication.store.js';
import { publicationsToRun } from '../schedules/schedule-run.store.js';
import { RunOnce } from './run-once.js';

/** The name under which its runs are kept. */
export const LEDGER_CHECK = 'ledger';
/** When readers sleep, and outside the hour that most zones skip or repeat. */
const EVERY_NIGHT = '10 4 * * *';

/** Every night of each publication: do its grants, its ledger and its codes say the same? What does not fit is logged for the operator. */
@Injectable()
export class CheckLedger {
  constructor(
    private readonly database: Database,
    private readonly runOnce: RunOnce,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async run(now: Date): Promise<void> {
    const zones = await timezonesInUse(this.database.reader);
    const slots = zones.flatMap((timezone) => {
      const slot = dueSlot(now, { cron: EVERY_NIGHT, timezone });
      return slot === null ? [] : [{ timezone, ...slot }];
    });
    for (const { publicationId, runKey } of await publicationsToRun(this.database.reader, LEDGER_CHECK, slots)) {
      const run = { publicationId, schedule: LEDGER_CHECK, runKey, ranAt: now };
      await this.runOnce.run(run, (tx) => this.check(tx, publicationId));
    }
  }

  private async check(tx: Tx, publicationId: string): Promise<void> {
    const found = [
      ...(await ledgerDrift(tx, publicationId)),
      ...(await codeDrift(tx, publicationId)),
      ...(await negativeBalances(tx, publicationId)),
    ];
    if (found.length === 0) return;
    const drift = found.slice(0, 20).map((one) => ({ grant: one.grantId, drift: one.drift, found: one.found }));
    this.log.error({ publicationId, count: found.length, drift }, 'grants, ledger and codes do not fit together');
  }
}
