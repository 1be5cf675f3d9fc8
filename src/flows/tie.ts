import { Injectable } from '@nestjs/common';
import { attribute } from '../domain/attribution.js';
import { alreadyKnown } from '../domain/fraud.js';
import { normaliseShareCode } from '../domain/share-code.js';
import { type Channel, channelOf } from '../domain/visit.js';
import { findClicks } from '../clicks/click.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { Tokens } from '../platform/tokens.js';
import { findContent } from '../publications/content.store.js';
import { listPrograms } from '../publications/program.store.js';
import type { Referral } from '../referrals/referral.entities.js';
import { insertReferral, lockReferralOf, recordChange, updateReferral } from '../referrals/referral.store.js';
import { wasErased } from '../subscribers/erasure.store.js';
import { type ParticipantCard, referrerByCode, referrersById } from '../subscribers/participant.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import { Announce } from './announce.js';

/** What a signup's browser presented. Everything of it may be missing, wrong or somebody else's. */
export interface Presented {
  ref: string | null;
  clicks: readonly string[];
  /** For a bare `ref` only: a click knows its own. */
  content: string | null;
  channel: string | null;
}

type Origin = Pick<Referral, 'clickId' | 'clickedAt' | 'contentId' | 'channel'> & { participant: ParticipantCard };

/** Ties a signup to the participant whose link brought it. A referrer is bound once; only expiry frees the friend for another. */
@Injectable()
export class Tie {
  constructor(
    private readonly ids: Ids,
    private readonly tokens: Tokens,
    private readonly announce: Announce,
  ) {}

  /** Answers the referral that this signup made or began anew, and that waits for the confirmation; else null. */
  async within(
    tx: Tx,
    publicationId: string,
    friend: Subscriber,
    presented: Presented,
    now: Date,
  ): Promise<Referral | null> {
    const origin = await this.origin(tx, publicationId, presented, now);
    if (origin === null) return null;
    const { participant, ...copied } = origin;
    // Whoever was confirmed once, or is the referrer, can never be a new reader: said at once, for there may be no confirmation to come.
    const isReferrer = participant.subscriberId === friend.id;
    const isKnown = isReferrer || friend.confirmedAt !== null || (await this.wasErased(tx, friend));
    const reasons = isKnown ? [alreadyKnown(isReferrer)] : [];
    const referral: Referral = {
      ...copied,
      publicationId,
      id: this.ids.next(),
      programId: participant.programId,
      referrerId: participant.id,
      referredId: friend.id,
      state: reasons.length > 0 ? 'rejected' : 'pending',
      heldFor: null,
      heldUntil: null,
      reasons,
      createdAt: now,
      confirmedAt: null,
      verifiedAt: null,
      engagedAt: null,
    };
    const inserted = await insertReferral(tx, publicationId, referral);
    if (inserted === null) return this.bindAgain(tx, referral);
    await this.note(tx, inserted, null);
    return isKnown ? null : inserted;
  }

  private async wasErased(tx: Tx, { publicationId, emailKey }: Subscriber): Promise<boolean> {
    return emailKey !== null && (await wasErased(tx, publicationId, emailKey));
  }

  /** An expired referral starts again with the new link; any other stays as it is. */
  private async bindAgain(tx: Tx, referral: Referral): Promise<Referral | null> {
    const known = await lockReferralOf(tx, referral.publicationId, referral.referredId);
    if (known?.state !== 'expired' || referral.state !== 'pending') return null;
    const { publicationId, id: _, ...changes } = referral;
    await updateReferral(tx, publicationId, known.id, changes);
    const bound = { ...referral, id: known.id };
    await this.note(tx, bound, 'expired');
    return bound;
  }

  private async note(tx: Tx, referral: Referral, fromState: Referral['state'] | null): Promise<void> {
    const eventId = this.ids.next();
    await recordChange(tx, referral.publicationId, {
      id: eventId,
      referralId: referral.id,
      fromState,
      toState: referral.state,
      heldFor: null,
      reasons: referral.reasons,
      actor: 'reader',
      at: referral.createdAt,
    });
    await this.announce.referral(tx, referral.publicationId, referral, eventId, referral.createdAt);
  }

  private async origin(tx: Tx, publicationId: string, presented: Presented, now: Date): Promise<Origin | null> {
    const clicks = await this.clicks(tx, publicationId, presented.clicks);
    const code = presented.ref === null ? null : normaliseShareCode(presented.ref);
    const byCode = code === null ? null : await referrerByCode(tx, publicationId, code);
    const chosen = attribute(clicks, byCode === null ? null : { participantId: byCode.id }, now);
    if (chosen === null) return null;
    if (chosen.by === 'code') {
      const content = presented.content === null ? null : await findContent(tx, publicationId, presented.content);
      return {
        participant: byCode!,
        clickId: null,
        clickedAt: null,
        contentId: content?.id ?? null,
        channel: channelOf(presented.channel ?? undefined),
      };
    }
    const { click } = chosen;
    return {
      participant: click.participant,
      clickId: click.id,
      clickedAt: click.at,
      contentId: click.contentId,
      channel: click.channel,
    };
  }

  /** The clicks that were signed by us for this publication and are stored, with their owners and the settings of their programs. */
  private async clicks(tx: Tx, publicationId: string, tokens: readonly string[]) {
    const subjects = tokens
      .map((token) => this.tokens.read('click', token))
      .filter((subject) => subject?.publicationId === publicationId);
    if (subjects.length === 0) return [];
    const clicks = await findClicks(
      tx,
      publicationId,
      subjects.map((subject) => subject!.id),
    );
    const participants = await referrersById(
      tx,
      publicationId,
      clicks.map((click) => click.participantId),
    );
    const programs = await listPrograms(tx, publicationId);
    return clicks.flatMap((click) => {
      const participant = participants.find(({ id }) => id === click.participantId);
      const program = programs.find(({ id }) => id === participant?.programId);
      if (participant === undefined || program === undefined) return [];
      const settings = { model: program.attributionModel, windowDays: program.attributionWindowDays };
      return [{ ...click, channel: click.channel as Channel, participant, settings }];
    });
  }
}
