import { Injectable } from '@nestjs/common';
import { forgetAddress } from '../milestones/address.store.js';
import { updateGrant } from '../milestones/grant.store.js';
import { recordTakenBack } from '../milestones/ledger.store.js';
import type { Grant } from '../milestones/milestone.entities.js';
import { returnCouponCode } from '../milestones/reward.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { Announce } from './announce.js';

/** Takes a grant back that was not sent: its code returns to the pool, an address is forgotten, and the ledger gets the counter-entry of what was owed. */
@Injectable()
export class RevokeGrant {
  constructor(
    private readonly ids: Ids,
    private readonly announce: Announce,
  ) {}

  /** `grant` is locked, as it is before. */
  async within(tx: Tx, grant: Grant, reason: string | null, now: Date): Promise<void> {
    const { publicationId } = grant;
    await updateGrant(tx, publicationId, grant.id, { status: 'revoked', reason, askedAt: null });
    await returnCouponCode(tx, publicationId, grant.id);
    await this.announce.grant(tx, publicationId, 'grant.revoked', grant.id, now);
    await forgetAddress(tx, publicationId, grant.id);
    await recordTakenBack(tx, publicationId, { id: this.ids.next(), grantId: grant.id, at: now });
  }
}
