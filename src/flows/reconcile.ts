import { Injectable } from '@nestjs/common';
import { codeDrift, ledgerDrift, negativeBalances } from '../milestones/reconcile.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { listPrograms, lockLadder } from '../publications/program.store.js';
import { listPublicationIds } from '../publications/publication.store.js';
import { countDrift, rebuildCounts, stageDrift, stateDrift } from '../referrals/reconcile.store.js';

/** One thing that does not fit. */
export interface Drift {
  publicationId: string;
  drift: string;
  /** Of a referral, a participant, a grant, or of a reader where a balance is meant. */
  id: string;
  found: string;
}

/** Whether states, counts, grants and ledger say the same as the facts that they are made of. */
@Injectable()
export class Reconcile {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** All that does not fit in one publication, or in all; reads everything, at one moment, beside a running service. */
  find(only: string | null): Promise<Drift[]> {
    return this.database.snapshot(async (tx) => {
      const referrals = [
        ...(await stateDrift(tx, only)),
        ...(await stageDrift(tx, only)),
        ...(await countDrift(tx, only)),
      ];
      const grants = [
        ...(await ledgerDrift(tx, only)),
        ...(await codeDrift(tx, only)),
        ...(await negativeBalances(tx, only)),
      ];
      const told = grants.map(({ grantId, subscriberId, ...row }) => ({ ...row, id: grantId ?? subscriberId }));
      return [...referrals, ...told];
    });
  }

  /** Writes counts anew where they are not what the facts say, a program at a time, and answers which. Grants nothing. */
  async rebuild(only: string | null): Promise<Drift[]> {
    const changed: Drift[] = [];
    const publicationIds = only === null ? await listPublicationIds(this.database.reader) : [only];
    for (const publicationId of publicationIds) {
      for (const { id } of await listPrograms(this.database.reader, publicationId)) {
        changed.push(...(await this.rebuildProgram(publicationId, id)));
      }
    }
    return changed;
  }

  /** Alone on the ladder, so that no count moves between reading the facts and writing. */
  private rebuildProgram(publicationId: string, programId: string): Promise<Drift[]> {
    return this.database.transaction(async (tx) => {
      await lockLadder(tx, publicationId, programId, 'alone');
      return rebuildCounts(tx, publicationId, programId, this.clock.now());
    });
  }
}
