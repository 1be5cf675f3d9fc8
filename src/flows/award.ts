import { Injectable } from '@nestjs/common';
import { occurrencesCrossed } from '../domain/milestones.js';
import type { Tx } from '../platform/database.js';
import { listMilestones } from '../milestones/milestone.store.js';
import type { Program } from '../publications/publication.entities.js';
import type { Referral } from '../referrals/referral.entities.js';
import { participantsById } from '../subscribers/participant.store.js';
import { GrantOnce } from './grant-once.js';

/** Finds the milestones that a participant's count has just crossed, and grants each once. The caller holds the count and the ladder. */
@Injectable()
export class Award {
  constructor(private readonly grantOnce: GrantOnce) {}

  /** `count` is the participant's at `stage`, this referral included. */
  async within(tx: Tx, program: Program, referral: Referral, stage: string, count: number, now: Date): Promise<void> {
    const milestones = (await listMilestones(tx, program.publicationId, program.id)).filter(
      (milestone) => milestone.stage === stage,
    );
    if (milestones.length === 0) return;
    const [referrer] = await participantsById(tx, program.publicationId, [referral.referrerId]);
    if (referrer === undefined) throw new Error('a referral without a referrer');
    for (const milestone of milestones) {
      const subscriberId = milestone.recipient === 'referrer' ? referrer.subscriberId : referral.referredId;
      for (const occurrence of occurrencesCrossed(milestone, count - 1, count, {
        season: program.season,
        referralId: referral.id,
      })) {
        await this.grantOnce.within(
          tx,
          program,
          milestone,
          { subscriberId, occurrence, referralId: referral.id, participantId: referrer.id, count },
          now,
        );
      }
    }
  }
}
