import { Inject, Injectable } from '@nestjs/common';
import type { ImportPhase } from '../domain/import-verdicts.js';
import type { Import } from '../imports/import.entities.js';
import { countVerdicts } from '../imports/import-rows.store.js';
import { lockNextImport, noteEnd, noteFailure, noteProgress, prepareForBatch } from '../imports/import.store.js';
import type { Batch } from '../imports/merge-readers.store.js';
import { hasRowsWith } from '../imports/merge-referrals.store.js';
import { markUnknownReferrers, sortOut } from '../imports/sort-rows.store.js';
import { Clock } from '../platform/clock.js';
import { Database, isDatabaseAway, sqlState, type Tx } from '../platform/database.js';
import { failpoint } from '../platform/failpoints.js';
import { LOG, type Log } from '../platform/log.js';
import { ImportReaders } from './import-readers.js';
import { ImportReferrals } from './import-referrals.js';

/** A second of work: a stop waits for it, a kill loses it, and locks are held as long. */
const BATCH = 10_000;

/**
 * Takes staged files in, a batch a transaction, and each with how far it has come. Any number of processes may do so at once:
 * a batch holds the lock of its import, and whoever is free goes on where the last commit ended.
 */
@Injectable()
export class RunImports {
  private open = true;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly importReaders: ImportReaders,
    private readonly importReferrals: ImportReferrals,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Works until nothing is left. */
  async run(): Promise<void> {
    while (this.open && (await this.step(null)));
  }

  /** No new batch. */
  stop(): void {
    this.open = false;
  }

  /**
   * One batch of one import, of the named publication or of any. False when there is none that nobody else is at. A batch that failed counts
   * as done: it is tried again, and after five times the import is given up and says why.
   */
  async step(publicationId: string | null): Promise<boolean> {
    const taken: Import[] = [];
    try {
      await this.database.transaction(async (tx) => {
        const run = await lockNextImport(tx, publicationId);
        if (run === null) return;
        taken.push(run);
        await this.advance(tx, run, this.clock.now());
      });
      if (taken.length > 0) failpoint('import-batch-committed');
    } catch (error) {
      const [run] = taken;
      if (run === undefined || isDatabaseAway(error)) throw error;
      await this.giveWay(run, error);
    }
    return taken.length > 0;
  }

  private async giveWay({ publicationId, id }: Import, error: unknown): Promise<void> {
    // The message of the database may quote a row, which holds somebody's address.
    const told = `A batch failed${sqlState(error) === null ? '' : ` (SQLSTATE ${sqlState(error)})`}; see the log`;
    const isOver = await noteFailure(this.database.reader, publicationId, id, told);
    this.log.error({ importId: id, err: error, isOver }, 'a batch of an import failed');
  }

  private async advance(tx: Tx, run: Import, now: Date): Promise<void> {
    await prepareForBatch(tx);
    const next = await this.work(tx, run, now);
    if (next.phase !== 'end') return noteProgress(tx, run, next);
    await noteEnd(tx, run, await countVerdicts(tx, run.publicationId, run.id), now);
  }

  private async work(tx: Tx, run: Import, now: Date): Promise<{ phase: ImportPhase; atRow: number }> {
    const { publicationId, id } = run;
    switch (run.phase) {
      case 'sort':
        await sortOut(tx, publicationId, id);
        return { phase: 'readers', atRow: 0 };
      case 'readers':
        return this.batch(run, 'referrers', (batch) => this.importReaders.within(tx, run, batch, now));
      case 'referrers':
        if (!(await hasRowsWith(tx, publicationId, id, 'referred_by'))) {
          return { phase: run.dryRun ? 'end' : 'counts', atRow: 0 };
        }
        await markUnknownReferrers(tx, publicationId, id);
        return { phase: run.dryRun ? 'end' : 'referrals', atRow: 0 };
      case 'referrals':
        return this.batch(run, 'counts', (batch) => this.importReferrals.referrals(tx, run, batch, now));
      case 'counts':
        if (run.atRow === 0 && !(await hasRowsWith(tx, publicationId, id, 'referral_count'))) {
          return { phase: 'end', atRow: 0 };
        }
        return this.batch(run, 'end', (batch) => this.importReferrals.counts(tx, run, batch, now));
      case 'end':
        return { phase: 'end', atRow: 0 };
    }
  }

  private async batch(
    run: Import,
    after: ImportPhase,
    work: (batch: Batch) => Promise<void>,
  ): Promise<{ phase: ImportPhase; atRow: number }> {
    const to = Math.min(run.atRow + BATCH, run.total);
    await work({ publicationId: run.publicationId, importId: run.id, from: run.atRow, to });
    return to >= run.total ? { phase: after, atRow: 0 } : { phase: run.phase, atRow: to };
  }
}
