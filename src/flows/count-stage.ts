import { Injectable } from '@nestjs/common';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { getProgram, lockLadder } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { insertAdjustment } from '../referrals/adjustment.store.js';
import type { Referral } from '../referrals/referral.entities.js';
import { countDown, countUp } from '../referrals/stage.store.js';
import { Award } from './award.js';
import { HoldPrizes } from './hold-prizes.js';
import { TakeBack } from './take-back.js';

/**
 * Puts a stage that a referral has reached into its referrer's count, or takes it out again, with the grants that come and go
 * with it. The caller holds the referral, and the program by `hold`.
 */
@Injectable()
export class CountStage {
  constructor(
    private readonly award: Award,
    private readonly takeBack: TakeBack,
    private readonly holdPrizes: HoldPrizes,
    private readonly ids: Ids,
  ) {}

  /** Holds the ladder. The program is read after that: a season may have begun while this waited. */
  async hold(tx: Tx, publicationId: string, programId: string): Promise<Program> {
    await lockLadder(tx, publicationId, programId, 'shared');
    return getProgram(tx, publicationId, programId);
  }

  /** In the program's present season. `reachedAt`: when the stage was reached by a referral that counts. */
  async up(tx: Tx, program: Program, referral: Referral, stage: string, reachedAt: Date, now: Date): Promise<void> {
    const { season } = program;
    const after = await countUp(tx, referral, stage, season, now);
    const { referrerId: participantId } = referral;
    const move = { participantId, stage, season, before: after - 1, after, reachedAt, referral };
    await this.award.within(tx, program, move, now);
  }

  /** Out of the season in which it was counted. */
  async down(tx: Tx, program: Program, referral: Referral, stage: string, season: number, now: Date): Promise<void> {
    const moved = await countDown(tx, referral, stage, season, now);
    // A correction had taken it out before: that is written down as spent, or the facts would owe it to the next friend.
    if (stage === 'verified' && moved.before === 0) {
      await insertAdjustment(tx, {
        ...{ publicationId: referral.publicationId, id: this.ids.next(), participantId: referral.referrerId, season },
        ...{ delta: 1, total: null, reason: '', source: 'floor', actor: 'schedule', at: now },
      });
    }
    const move = { participantId: referral.referrerId, stage, season, ...moved, reachedAt: now, referral };
    await this.takeBack.within(tx, program, move, now);
    await this.holdPrizes.within(tx, program.publicationId, referral.id, stage, now);
  }
}
