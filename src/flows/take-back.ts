import { Injectable } from '@nestjs/common';
import { COUNT_FELL } from '../domain/grant-decision.js';
import { grantMayBecome, isSent } from '../domain/grants.js';
import { flagGrant, lockGrantsOf } from '../milestones/grant.store.js';
import type { Grant, Milestone } from '../milestones/milestone.entities.js';
import { milestonesEverAt } from '../milestones/milestone.store.js';
import type { Tx } from '../platform/database.js';
import type { Program } from '../publications/publication.entities.js';
import { countsOf } from '../referrals/stage.store.js';
import { participantsById } from '../subscribers/participant.store.js';
import { type CountMove, occurrencesOf, recipientOf } from './award.js';
import { RevokeGrant } from './revoke-grant.js';

/**
 * A count has fallen below milestones that it had crossed: what was granted for them and is not sent is revoked, what was sent
 * stays and is flagged. A fall crosses what the climb had crossed, those of milestones that are out of force since too. The
 * caller holds the count and the ladder.
 */
@Injectable()
export class TakeBack {
  constructor(private readonly revokeGrant: RevokeGrant) {}

  async within(tx: Tx, program: Program, move: CountMove, now: Date): Promise<void> {
    const { publicationId } = program;
    const milestones = await milestonesEverAt(tx, publicationId, program.id, move.stage);
    if (milestones.length === 0) return;
    const [referrer] = await participantsById(tx, publicationId, [move.participantId]);
    if (referrer === undefined) throw new Error('a count without a participant');
    for (const milestone of milestones) {
      const subscriberId = recipientOf(milestone, referrer.subscriberId, move);
      const fallen = await this.fallen(tx, publicationId, milestone, move);
      if (subscriberId === null || fallen.length === 0) continue;
      for (const grant of await lockGrantsOf(tx, publicationId, milestone.id, subscriberId, fallen)) {
        await this.takeBack(tx, grant, now);
      }
    }
  }

  /** What is granted once for all seasons stands as long as one of them has the count. */
  private async fallen(tx: Tx, publicationId: string, milestone: Milestone, move: CountMove): Promise<string[]> {
    const names = occurrencesOf(milestone, move);
    if (!names.includes('once')) return names;
    const standings = await countsOf(tx, publicationId, [move.participantId], move.stage);
    return standings.some(({ count }) => count >= milestone.threshold) ? [] : names;
  }

  private async takeBack(tx: Tx, grant: Grant, now: Date): Promise<void> {
    if (grantMayBecome(grant.status, 'revoked')) await this.revokeGrant.within(tx, grant, COUNT_FELL, now);
    else if (isSent(grant.status) && grant.flaggedAt === null) await flagGrant(tx, grant.publicationId, grant.id, now);
  }
}
