import { Injectable } from '@nestjs/common';
import { recordInLedger, updateGrant } from '../milestones/grant.store.js';
import type { Grant } from '../milestones/milestone.entities.js';
import { findReward, takeCouponCode } from '../milestones/reward.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { Announce } from './announce.js';

/** A grant is owed from now on: it enters the ledger, and a coupon takes its code out of the pool in this very transaction. */
@Injectable()
export class Owe {
  constructor(
    private readonly ids: Ids,
    private readonly announce: Announce,
  ) {}

  async within(tx: Tx, grant: Grant, now: Date): Promise<void> {
    const reward = await findReward(tx, grant.publicationId, grant.rewardId);
    if (reward === null) throw new Error('a grant without a reward');
    const needsCode = reward.kind === 'coupon' && reward.code === null;
    const hasStock = !needsCode || (await takeCouponCode(tx, grant.publicationId, reward.id, grant.id)) !== null;
    if (needsCode) await this.announce.stock(tx, grant.publicationId, reward.id, now);
    const status = hasStock ? 'due' : 'out_of_stock';
    if (grant.status !== status) await updateGrant(tx, grant.publicationId, grant.id, { status });
    await recordInLedger(tx, grant.publicationId, {
      id: this.ids.next(),
      grantId: grant.id,
      subscriberId: grant.subscriberId,
      act: 'given',
      unit: 'piece',
      quantity: 1,
      at: now,
    });
  }
}
