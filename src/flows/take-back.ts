import { Injectable } from '@nestjs/common';
import { COUNT_FELL } from '../domain/grant-decision.js';
import { grantMayBecome, isSent } from '../domain/grants.js';
import { type Fall, hasFallen } from '../domain/milestones.js';
import { flagGrant, lockGrantsOnCount } from '../milestones/grant.store.js';
import type { Grant } from '../milestones/milestone.entities.js';
import type { Tx } from '../platform/database.js';
import type { Program } from '../publications/publication.entities.js';
import { countsOf } from '../referrals/stage.store.js';
import { participantsById } from '../subscribers/participant.store.js';
import type { CountMove } from './award.js';
import { RevokeGrant } from './revoke-grant.js';

/**
 * A count has fallen below milestones that it had crossed: what was granted for them and is not sent is revoked, what was sent
 * stays and is flagged. Those of milestones that were changed or are out of force since, too. The caller holds the count and the
 * ladder.
 */
@Injectable()
export class TakeBack {
  constructor(private readonly revokeGrant: RevokeGrant) {}

  async within(tx: Tx, program: Program, move: CountMove, now: Date): Promise<void> {
    const { publicationId } = program;
    const [referrer] = await participantsById(tx, publicationId, [move.participantId]);
    if (referrer === undefined) throw new Error('a count without a participant');
    const grants = await lockGrantsOnCount(tx, program, move.stage, referrer.subscriberId, move.referral);
    if (grants.length === 0) return;
    const fall = await this.fallOf(tx, publicationId, move);
    for (const { givenBy, today, ...grant } of grants) {
      const rules = [givenBy, today].filter(({ stage }) => stage === move.stage);
      if (hasFallen(grant.occurrence, rules, fall)) await this.takeBack(tx, grant, now);
    }
  }

  private async fallOf(tx: Tx, publicationId: string, move: CountMove): Promise<Fall> {
    const { before, after, season, referral, participantId, stage } = move;
    const standings = await countsOf(tx, publicationId, [participantId], stage);
    const highest = Math.max(0, ...standings.map(({ count }) => count));
    return { before, after, season, referralId: referral?.id ?? null, highest };
  }

  private async takeBack(tx: Tx, grant: Grant, now: Date): Promise<void> {
    if (grantMayBecome(grant.status, 'revoked')) await this.revokeGrant.within(tx, grant, COUNT_FELL, now);
    else if (isSent(grant.status) && grant.flaggedAt === null) await flagGrant(tx, grant.publicationId, grant.id, now);
  }
}
