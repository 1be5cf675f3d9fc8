import { Injectable } from '@nestjs/common';
import { refundTimes } from '../domain/purchases.js';
import { refundsOf } from '../events/inbound-event.store.js';
import type { Tx } from '../platform/database.js';
import { purchasesOf, setRefunded } from '../referrals/purchase.store.js';
import type { Referral } from '../referrals/referral.entities.js';
import { moveStage } from '../referrals/stage.store.js';
import { ReachStage } from './reach-stage.js';

/**
 * Works out anew from all that was told of a reader which of their purchases stand, so that purchases and refunds may come in
 * any order. Their referral is at `purchased` as long as one stands, since the first of these. The caller holds the reader
 * and the referral.
 */
@Injectable()
export class SettlePurchases {
  constructor(private readonly reachStage: ReachStage) {}

  /** `referral` is null of a reader whom nobody referred: their purchases are kept and earn nothing. */
  async within(
    tx: Tx,
    publicationId: string,
    subscriberId: string,
    referral: Referral | null,
    now: Date,
  ): Promise<void> {
    const purchases = await purchasesOf(tx, publicationId, subscriberId);
    const refunded = refundTimes(purchases, await refundsOf(tx, publicationId, subscriberId));
    for (const { id, refundedAt } of purchases) {
      const at = refunded.get(id) ?? null;
      if (at?.getTime() !== refundedAt?.getTime()) await setRefunded(tx, publicationId, id, at);
    }
    if (referral === null) return;
    const first = purchases.find(({ id }) => !refunded.has(id));
    if (first === undefined) await this.reachStage.undo(tx, referral, 'purchased', now);
    else {
      await this.reachStage.within(tx, referral, 'purchased', first.at, now);
      await moveStage(tx, publicationId, referral.id, 'purchased', first.at);
    }
  }
}
