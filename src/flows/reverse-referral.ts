import { Injectable } from '@nestjs/common';
import type { Reason } from '../domain/fraud.js';
import type { Tx } from '../platform/database.js';
import type { Referral } from '../referrals/referral.entities.js';
import { forgetStage, inLockOrder, stagesOf } from '../referrals/stage.store.js';
import { ChangeReferral } from './change-referral.js';
import { CountStage } from './count-stage.js';

/**
 * A referral that counts is taken back: it leaves the count of every stage, of the season in which each was counted, and what
 * was granted for it and is not sent is revoked. The stages beyond `verified` stay with it as facts. The caller holds the referral.
 */
@Injectable()
export class ReverseReferral {
  constructor(
    private readonly changeReferral: ChangeReferral,
    private readonly countStage: CountStage,
  ) {}

  /** `reasons` are added to those that it has. */
  async within(tx: Tx, referral: Referral, reasons: readonly Reason[], actor: string, now: Date): Promise<void> {
    const { publicationId, id } = referral;
    const known = referral.reasons.filter(({ code }) => !reasons.some((reason) => reason.code === code));
    await this.changeReferral.within(tx, referral, { state: 'reversed', reasons: [...known, ...reasons] }, actor, now);
    const program = await this.countStage.hold(tx, publicationId, referral.programId);
    const stages = await stagesOf(tx, publicationId, [id]);
    for (const { stage, season } of inLockOrder(stages)) {
      if (season !== null) await this.countStage.down(tx, program, referral, stage, season, now);
    }
    await forgetStage(tx, publicationId, id, 'verified');
  }
}
