import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import type { Referral } from '../referrals/referral.entities.js';
import { forgetStage, recordStage, stagesOf } from '../referrals/stage.store.js';
import { CountStage } from './count-stage.js';

/**
 * A referral reaches a stage beyond `verified`, or it turns out that it has not. A stage is a fact, kept in any state of the
 * referral; it counts while the referral is verified. The caller holds the referral.
 */
@Injectable()
export class ReachStage {
  constructor(private readonly countStage: CountStage) {}

  /** True when it had not reached it before. Told again, the earliest time stays. */
  async within(tx: Tx, referral: Referral, stage: string, at: Date, now: Date): Promise<boolean> {
    if (!(await recordStage(tx, referral.publicationId, referral.id, stage, at))) return false;
    if (referral.state === 'verified') {
      const { verifiedAt } = referral;
      const program = await this.countStage.hold(tx, referral.publicationId, referral.programId);
      const reachedAt = verifiedAt !== null && verifiedAt > at ? verifiedAt : at;
      await this.countStage.up(tx, program, referral, stage, reachedAt, now);
    }
    return true;
  }

  /** Takes it back: out of the count, with what was granted for it and is not sent. False when it had not reached it. */
  async undo(tx: Tx, referral: Referral, stage: string, now: Date): Promise<boolean> {
    const stages = await stagesOf(tx, referral.publicationId, [referral.id]);
    const reached = stages.find((known) => known.stage === stage);
    if (reached === undefined) return false;
    if (reached.season !== null) {
      const program = await this.countStage.hold(tx, referral.publicationId, referral.programId);
      await this.countStage.down(tx, program, referral, stage, reached.season, now);
    }
    await forgetStage(tx, referral.publicationId, referral.id, stage);
    return true;
  }
}
