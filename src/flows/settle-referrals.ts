import { Injectable } from '@nestjs/common';
import { isOffice, MOST_OF_A_TEAM } from '../domain/fraud/house.js';
import { expiredIfMadeBefore, type HeldFor } from '../domain/referral.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import {
  delayOver,
  engagementOver,
  lockReferral,
  pendingSince,
  reviewOver,
  updateReferral,
} from '../referrals/referral.store.js';
import { sizeOfHouse } from '../referrals/signal.store.js';
import { ChangeReferral } from './change-referral.js';
import { SettleHeld } from './settle-held.js';

const BATCH = 200;

/**
 * What needs nobody to decide: an unconfirmed referral expires; one whose review ends by itself, whose delay is over, or that waits for a click which its program
 * does not ask for any more, goes on. A transaction each.
 */
@Injectable()
export class SettleReferrals {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly changeReferral: ChangeReferral,
    private readonly settleHeld: SettleHeld,
  ) {}

  /** Of all publications, or of one. */
  async run(only: string | null = null): Promise<void> {
    const now = this.clock.now();
    await this.inBatches(
      () => pendingSince(this.database.reader, expiredIfMadeBefore(now), BATCH, only),
      ({ publicationId, id }) => this.expire(publicationId, id, now),
    );
    await this.inBatches(
      () => reviewOver(this.database.reader, now, BATCH, only),
      ({ publicationId, id }) => this.lookAgain(publicationId, id, now),
    );
    await this.inBatches(
      () => delayOver(this.database.reader, now, BATCH, only),
      ({ publicationId, id }) => this.release(publicationId, id, 'delay', now),
    );
    await this.inBatches(
      () => engagementOver(this.database.reader, BATCH, only),
      ({ publicationId, id }) => this.release(publicationId, id, 'engagement', now),
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

  /** A house that nobody knew has had its days: it stayed a team or showed an office, or it has to wait for a person now. */
  private lookAgain(publicationId: string, id: string, now: Date): Promise<void> {
    return this.database.transaction(async (tx) => {
      const referral = await lockReferral(tx, publicationId, id);
      if (referral?.heldFor !== 'review' || referral.heldUntil === null) return;
      const { people, ...office } = await sizeOfHouse(tx, publicationId, referral.referredId);
      if (people > MOST_OF_A_TEAM && !isOffice(office)) {
        await updateReferral(tx, publicationId, id, { heldUntil: null });
      } else await this.settleHeld.next(tx, referral, now, 'schedule');
    });
  }

  private release(publicationId: string, id: string, heldFor: HeldFor, now: Date): Promise<void> {
    return this.database.transaction(async (tx) => {
      const referral = await lockReferral(tx, publicationId, id);
      if (referral?.heldFor === heldFor) await this.settleHeld.next(tx, referral, now, 'schedule');
    });
  }
}
