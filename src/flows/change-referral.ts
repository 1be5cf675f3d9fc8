import { Injectable } from '@nestjs/common';
import { mayBecome, type Standing } from '../domain/referral.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import type { Referral } from '../referrals/referral.entities.js';
import { recordChange, updateReferral } from '../referrals/referral.store.js';
import { Announce } from './announce.js';

/** Moves a referral that the caller has locked to another state or hold, and keeps what happened. Throws when the table of states has no such step. */
@Injectable()
export class ChangeReferral {
  constructor(
    private readonly ids: Ids,
    private readonly announce: Announce,
  ) {}

  async within(
    tx: Tx,
    referral: Referral,
    to: Partial<Referral> & Pick<Referral, 'state'>,
    actor: string,
    now: Date,
  ): Promise<void> {
    const changes = { heldFor: null, heldUntil: null, ...to };
    if (!mayBecome(referral, changes)) {
      throw new Error(`a referral cannot go from ${named(referral)} to ${named(changes)}`);
    }
    await updateReferral(tx, referral.publicationId, referral.id, changes);
    const eventId = this.ids.next();
    await recordChange(tx, referral.publicationId, {
      id: eventId,
      referralId: referral.id,
      fromState: referral.state,
      toState: to.state,
      heldFor: changes.heldFor,
      reasons: to.reasons ?? referral.reasons,
      actor,
      at: now,
    });
    await this.announce.referral(tx, referral.publicationId, { id: referral.id, state: to.state }, eventId, now);
  }
}

function named({ state, heldFor }: Standing): string {
  return heldFor === null ? state : `${state} for ${heldFor}`;
}
