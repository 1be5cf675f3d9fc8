import { Injectable } from '@nestjs/common';
import { expiredIfMadeBefore } from '../domain/referral.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { getProgram } from '../publications/program.store.js';
import { delayOver, lockReferral, pendingSince } from '../referrals/referral.store.js';
import { ChangeReferral } from './change-referral.js';
import { VerifyReferral } from './verify-referral.js';

const BATCH = 200;

/** What time alone decides: an unconfirmed referral expires, one whose delay is over counts. A transaction each. */
@Injectable()
export class SettleReferrals {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly changeReferral: ChangeReferral,
    private readonly verifyReferral: VerifyReferral,
  ) {}

  /** Of all publications, or of one. */
  async run(only: string | null = null): Promise<void> {
    const now = this.clock.now();
    await this.inBatches(
      () => pendingSince(this.database.reader, expiredIfMadeBefore(now), BATCH, only),
      ({ publicationId, id }) => this.expire(publicationId, id, now),
    );
    await this.inBatches(
      () => delayOver(this.database.reader, now, BATCH, only),
      ({ publicationId, id }) => this.count(publicationId, id, now),
    );
  }

  private async inBatches<T>(find: () => Promise<T[]>, settle: (item: T) => Promise<void>): Promise<void> {
    for (;;) {
      const batch = await find();
      for (const item of batch) await settle(item);
      if (batch.length < BATCH) return;
    }
  }

  private expire(publicationId: string, id: string, now: Date): Promise<void> {
    return this.database.transaction(async (tx) => {
      const referral = await lockReferral(tx, publicationId, id);
      // Looked at again under the lock: the friend may have confirmed since.
      if (referral?.state === 'pending') {
        await this.changeReferral.within(tx, referral, { state: 'expired' }, 'schedule', now);
      }
    });
  }

  private count(publicationId: string, id: string, now: Date): Promise<void> {
    return this.database.transaction(async (tx) => {
      const referral = await lockReferral(tx, publicationId, id);
      if (referral?.state !== 'held' || referral.heldFor !== 'delay') return;
      await this.verifyReferral.within(
        tx,
        referral,
        await getProgram(tx, publicationId, referral.programId),
        'schedule',
        now,
      );
    });
  }
}
