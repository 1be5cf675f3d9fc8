import { Injectable } from '@nestjs/common';
import { makeShareCode, SHARE_CODE_BYTES } from '../domain/share-code.js';
import { claimCodes, sayCodeTaken, withoutCode } from '../imports/claim-codes.store.js';
import { hasErased, suppressErased } from '../imports/erased-rows.store.js';
import type { Import } from '../imports/import.entities.js';
import {
  type Batch,
  countNew,
  decide,
  enrolMade,
  fillKnown,
  mergeReaders,
  pendingOf,
} from '../imports/merge-readers.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { RandomBytes } from '../platform/random.js';
import { listPrograms } from '../publications/program.store.js';
import { getPublication } from '../publications/publication.store.js';
import { Activate } from './activate.js';

/** The readers of a batch: a verdict for each row, and, unless it is a dry run, the new ones with share links and consents. */
@Injectable()
export class ImportReaders {
  constructor(
    private readonly ids: Ids,
    private readonly random: RandomBytes,
    private readonly activate: Activate,
  ) {}

  async within(tx: Tx, run: Import, batch: Batch, now: Date): Promise<void> {
    if (await hasErased(tx, run.publicationId)) await suppressErased(tx, batch);
    await decide(tx, batch, null);
    if (run.dryRun) return;
    await this.make(tx, run, batch, now);
    await fillKnown(tx, batch, now);
    for (const id of await pendingOf(tx, batch)) {
      await this.activate.within(tx, run.publicationId, id, 'import', { words: run.consent });
    }
  }

  private async make(tx: Tx, run: Import, batch: Batch, now: Date): Promise<void> {
    const { locale } = await getPublication(tx, run.publicationId);
    const [main, ...others] = await listPrograms(tx, run.publicationId);
    if (main === undefined) throw new Error('a publication without a program');
    const bases = { subscriber: this.ids.next(), consent: this.ids.next(), participant: this.ids.next() };
    const takesAll = main.access === 'auto';
    const settings = { locale, consent: run.consent, programId: main.id, takesAll, bases, now };
    const made = await mergeReaders(tx, batch, settings);
    // Fewer than there were rows for: some address was taken since the verdicts, which are then given once more.
    if (made < (await countNew(tx, batch))) {
      await decide(tx, batch, bases.subscriber);
      if (made !== (await countNew(tx, batch))) throw new Error('readers of a batch could not be made');
    }
    await this.giveCodes(tx, batch, bases.participant, true);
    for (const program of others.filter(({ access }) => access === 'auto')) {
      const participantBase = this.ids.next();
      const more = { subscriberBase: bases.subscriber, participantBase, programId: program.id, now };
      await enrolMade(tx, batch, more);
      await this.giveCodes(tx, batch, participantBase, false);
    }
  }

  /** New codes for whose own was taken, until everybody has one. */
  private async giveCodes(tx: Tx, batch: Batch, participantBase: string, isMain: boolean): Promise<void> {
    let waiting = await withoutCode(tx, batch, participantBase);
    if (isMain && waiting.length > 0) await sayCodeTaken(tx, batch, waiting);
    while (waiting.length > 0) {
      const claims = waiting.map((participantId) => ({
        participantId,
        code: makeShareCode(this.random.take(SHARE_CODE_BYTES)),
      }));
      await claimCodes(tx, batch.publicationId, claims);
      waiting = await withoutCode(tx, batch, participantBase);
    }
  }
}
