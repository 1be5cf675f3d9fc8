import { Injectable } from '@nestjs/common';
import { LEFT_IN_DELAY } from '../domain/fraud.js';
import { type Settled, settle } from '../domain/referral.js';
import type { Tx } from '../platform/database.js';
import { getProgram } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import type { Referral } from '../referrals/referral.entities.js';
import { ChangeReferral } from './change-referral.js';
import { VerifyReferral } from './verify-referral.js';

/**
 * What becomes of a confirmed referral that nobody has to look at any more: it goes into its next hold (the delay, then the click
 * in a mail), or counts.
 */
@Injectable()
export class SettleHeld {
  constructor(
    private readonly changeReferral: ChangeReferral,
    private readonly verifyReferral: VerifyReferral,
  ) {}

  /**
   * Of a referral that the caller has locked. In review it means that the review is over; in a later hold nothing happens before
   * that is over, so that it may be called at any time and any number of times.
   */
  async next(tx: Tx, referral: Referral, now: Date, actor: string): Promise<Settled['state']> {
    const program = await getProgram(tx, referral.publicationId, referral.programId);
    return this.within(tx, referral, program, now, actor);
  }

  /** As `next`, for one that has just been confirmed too: `confirmedAt` is set then, and the state is still the former one. */
  async within(tx: Tx, referral: Referral, program: Program, now: Date, actor: string): Promise<Settled['state']> {
    const settled = hasLeft(referral) ? { state: 'verified' as const } : settle(waitingOf(referral), program, now);
    const { confirmedAt } = referral;
    if (settled.state === 'verified') {
      await this.verifyReferral.within(tx, referral, program, actor, now);
    } else if (settled.heldFor !== referral.heldFor) {
      await this.changeReferral.within(tx, referral, { ...settled, confirmedAt }, actor, now);
    }
    return settled.state;
  }
}

/** Who has left has nothing to wait for: a person has looked at the referral since, and knew. */
function hasLeft({ reasons }: Referral): boolean {
  return reasons.some(({ code }) => code === LEFT_IN_DELAY.code);
}

function waitingOf({ heldFor, heldUntil, confirmedAt, createdAt, engagedAt }: Referral) {
  // Refused at the signup, and let through by a person since: such a one was never confirmed anew.
  return { heldFor, heldUntil, confirmedAt: confirmedAt ?? createdAt, engagedAt };
}
