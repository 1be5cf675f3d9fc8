import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import { lockGrantsWithoutStock, rewardsWithStockAndWaiting, updateGrant } from '../milestones/grant.store.js';
import { addCouponCodes, findReward, takeCouponCode } from '../milestones/reward.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Announce } from './announce.js';

const BATCH = 500;

/** New codes for a coupon's pool. Grants that wait for one are served first, oldest first, in the same transaction. */
@Injectable()
export class Restock {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly announce: Announce,
  ) {}

  /** Throws `request/not-found` and `reward/not-a-coupon`. Codes that the pool has are skipped. */
  run(publicationId: string, rewardId: string, codes: readonly string[]): Promise<{ added: number; skipped: number }> {
    return this.database.transaction(async (tx) => {
      const reward = await findReward(tx, publicationId, rewardId);
      if (reward === null) throw new DomainError('request/not-found', 'There is no such reward');
      if (reward.kind !== 'coupon' || reward.code !== null) {
        throw new DomainError('reward/not-a-coupon', 'Only a coupon without a shared code has a pool');
      }
      const added = await addCouponCodes(
        tx,
        publicationId,
        rewardId,
        codes.map((code) => ({ id: this.ids.next(), code })),
      );
      await this.serve(tx, publicationId, rewardId);
      return { added, skipped: codes.length - added };
    });
  }

  /** Serves whoever waits although codes are free: a grant may have found the last code locked by a transaction that then gave it up. */
  async serveWaiting(): Promise<void> {
    for (const { publicationId, rewardId } of await rewardsWithStockAndWaiting(this.database.reader)) {
      await this.database.transaction((tx) => this.serve(tx, publicationId, rewardId));
    }
  }

  private async serve(tx: Tx, publicationId: string, rewardId: string): Promise<void> {
    let served = 0;
    for (;;) {
      const waiting = await lockGrantsWithoutStock(tx, publicationId, rewardId, BATCH);
      const before = served;
      for (const grant of waiting) {
        if ((await takeCouponCode(tx, publicationId, rewardId, grant.id)) === null) break;
        await updateGrant(tx, publicationId, grant.id, { status: 'due' });
        served++;
      }
      if (served - before < BATCH) break;
    }
    if (served > 0) await this.announce.stock(tx, publicationId, rewardId, this.clock.now());
  }
}
