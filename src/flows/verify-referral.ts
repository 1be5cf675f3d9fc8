import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { lockLadder } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import type { Referral } from '../referrals/referral.entities.js';
import { countUp, recordStage } from '../referrals/stage.store.js';
import { Award } from './award.js';
import { ChangeReferral } from './change-referral.js';

/** A referral counts: its state, the stage, the referrer's count, and the rewards of the milestones that it crosses, all or nothing. */
@Injectable()
export class VerifyReferral {
  constructor(
    private readonly changeReferral: ChangeReferral,
    private readonly award: Award,
  ) {}

  async within(tx: Tx, referral: Referral, program: Program, actor: string, now: Date): Promise<void> {
    await this.changeReferral.within(
      tx,
      referral,
      { state: 'verified', verifiedAt: now, confirmedAt: referral.confirmedAt },
      actor,
      now,
    );
    await recordStage(tx, referral.publicationId, referral.id, 'verified', now);
    await lockLadder(tx, program.publicationId, program.id, 'shared');
    const count = await countUp(tx, program.publicationId, referral.referrerId, 'verified', program.season, now);
    await this.award.within(tx, program, referral, 'verified', count, now);
  }
}
