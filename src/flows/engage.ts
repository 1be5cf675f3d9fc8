import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { lockReferralOf, updateReferral } from '../referrals/referral.store.js';
import { SettleHeld } from './settle-held.js';

/** A reader clicked in a mail, as a person and not by an open: whoever referred them waits for that where the program says so. */
@Injectable()
export class Engage {
  constructor(
    private readonly clock: Clock,
    private readonly settleHeld: SettleHeld,
  ) {}

  /**
   * The first click is kept in whatever hold the referral is, so that none is asked for later. A click from before the
   * confirmation shows nothing, and neither does one of a reader whom nobody referred.
   */
  async within(tx: Tx, publicationId: string, subscriberId: string, at: Date): Promise<void> {
    const referral = await lockReferralOf(tx, publicationId, subscriberId);
    if (referral === null || referral.engagedAt !== null) return;
    // Refused at the signup as known already, and let through by a person since: such a one has no confirmation of its own.
    const since = referral.confirmedAt ?? (referral.state === 'held' ? referral.createdAt : null);
    if (since === null || at < since) return;
    await updateReferral(tx, publicationId, referral.id, { engagedAt: at });
    if (referral.state === 'held' && referral.heldFor === 'engagement') {
      await this.settleHeld.next(tx, { ...referral, engagedAt: at }, this.clock.now(), 'reader');
    }
  }
}
