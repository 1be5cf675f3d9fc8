import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import type { Program } from '../publications/publication.entities.js';
import type { Referral } from '../referrals/referral.entities.js';
import { inLockOrder, recordVerified, stagesOf } from '../referrals/stage.store.js';
import { ChangeReferral } from './change-referral.js';
import { CountStage } from './count-stage.js';
import { TellLead } from './tell-lead.js';
import { TellSharer } from './tell-sharer.js';

/**
 * A referral counts: its state, every stage that it has reached so far, the referrer's counts, and the rewards of the
 * milestones that these cross, all or nothing. Also for one that was rejected or reversed before. The caller holds the referral.
 */
@Injectable()
export class VerifyReferral {
  constructor(
    private readonly changeReferral: ChangeReferral,
    private readonly countStage: CountStage,
    private readonly tellLead: TellLead,
    private readonly tellSharer: TellSharer,
  ) {}

  async within(tx: Tx, referral: Referral, program: Program, actor: string, now: Date): Promise<void> {
    const { confirmedAt, publicationId } = referral;
    await this.changeReferral.within(tx, referral, { state: 'verified', verifiedAt: now, confirmedAt }, actor, now);
    await recordVerified(tx, referral, now);
    const held = await this.countStage.hold(tx, publicationId, program.id);
    const stages = await stagesOf(tx, publicationId, [referral.id]);
    for (const { stage } of inLockOrder(stages)) await this.countStage.up(tx, held, referral, stage, now, now);
    if (stages.some(({ stage }) => stage === 'qualified')) await this.tellLead.qualified(tx, referral, now);
    if (stages.some(({ stage }) => stage === 'purchased')) await this.tellLead.purchased(tx, referral, null, now);
    await this.tellSharer.verified(tx, referral, now);
  }
}
