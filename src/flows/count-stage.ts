import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { getProgram, lockLadder } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import type { Referral } from '../referrals/referral.entities.js';
import { countDown, countUp } from '../referrals/stage.store.js';
import { Award } from './award.js';
import { TakeBack } from './take-back.js';

/**
 * Puts a stage that a referral has reached into its referrer's count, or takes it out again, with the grants that come and go
 * with it. The caller holds the referral.
 */
@Injectable()
export class CountStage {
  constructor(
    private readonly award: Award,
    private readonly takeBack: TakeBack,
  ) {}

  /** In the program's season of now. `reachedAt`: when the stage was reached by a referral that counts. */
  async up(tx: Tx, referral: Referral, stage: string, reachedAt: Date, now: Date): Promise<void> {
    const program = await this.heldProgram(tx, referral);
    const { season } = program;
    const after = await countUp(tx, referral, stage, season, now);
    const { referrerId: participantId } = referral;
    const move = { participantId, stage, season, before: after - 1, after, reachedAt, referral };
    await this.award.within(tx, program, move, now);
  }

  /** Out of the season in which it was counted. */
  async down(tx: Tx, referral: Referral, stage: string, season: number, now: Date): Promise<void> {
    const program = await this.heldProgram(tx, referral);
    const moved = await countDown(tx, referral, stage, season, now);
    const move = { participantId: referral.referrerId, stage, season, ...moved, reachedAt: now, referral };
    await this.takeBack.within(tx, program, move, now);
  }

  /** Read once the ladder is held: a season may have begun, or a milestone come, while this waited for it. */
  private async heldProgram(tx: Tx, { publicationId, programId }: Referral): Promise<Program> {
    await lockLadder(tx, publicationId, programId, 'shared');
    return getProgram(tx, publicationId, programId);
  }
}
