import { Injectable } from '@nestjs/common';
import { flagPrizesWonBy } from '../contests/standing.store.js';
import { grantMayBecome, WINNER_FLAGGED } from '../domain/grants.js';
import { forgetAddress } from '../milestones/address.store.js';
import { lockGrant, updateGrant } from '../milestones/grant.store.js';
import { recordTakenBack } from '../milestones/ledger.store.js';
import { returnCouponCode } from '../milestones/reward.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';

/**
 * A referral that helped to win a prize does not count any more. The place and the draw stay; the prize is flagged, and where it has not
 * gone out it waits for a person: its code returns to the pool, an address is forgotten, and the ledger gets the counter-entry. When
 * they approve it, it is owed as if it had just been won.
 */
@Injectable()
export class HoldPrizes {
  constructor(private readonly ids: Ids) {}

  /** The caller holds the referral, whose stage is still there. */
  async within(tx: Tx, publicationId: string, referralId: string, stage: string, now: Date): Promise<void> {
    for (const id of await flagPrizesWonBy(tx, publicationId, referralId, stage, now)) {
      const grant = await lockGrant(tx, publicationId, id);
      if (grant === null || !grantMayBecome(grant.status, 'awaiting_approval')) continue;
      await updateGrant(tx, publicationId, id, { status: 'awaiting_approval', reason: WINNER_FLAGGED, askedAt: null });
      await returnCouponCode(tx, publicationId, id);
      await forgetAddress(tx, publicationId, id);
      await recordTakenBack(tx, publicationId, { id: this.ids.next(), grantId: id, at: now });
    }
  }
}
