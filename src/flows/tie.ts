import { Injectable } from '@nestjs/common';
import { attribute, type Candidate, type Judged, worthJudging } from '../domain/attribution.js';
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
import { type NewReferralClick, replaceReferralClicks } from '../referrals/referral-click.store.js';
import { insertReferral, lockReferralOf, recordChange, updateReferral } from '../referrals/referral.store.js';
import { wasErased } from '../subscribers/erasure.store.js';
import { type ParticipantCard, referrerByCode, referrersById } from '../subscribers/participant.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import { Announce } from './announce.js';

/** What a signup's browser presented. Everything of it may be missing, wrong or somebody else's. */
export interface Presented {
  ref: string | null;
  /** Signed click ids, in any order and some perhaps twice. Of very many not all are looked at: `worthJudging`. */
  clicks: readonly string[];
  /** For a bare `ref` only: a click knows its own. */
  content: string | null;
  channel: string | null;
}

/** A click or a bare code, with whose it is and what a referral copies of it. */
interface Link extends Candidate {
  participant: ParticipantCard;
  contentId: string | null;
  channel: Channel;
}

/** Ties a signup to the participant whose link brought it. A referrer is bound once; only expiry frees the friend for another. */
@Injectable()
export class Tie {
  constructor(
    private readonly ids: Ids,
    private readonly tokens: Tokens,
    private readonly announce: Announce,
  ) {}

  /**
   * Answers the referral that this signup made or began anew, and that waits for the confirmation; else null. The friend's row
   * must be locked.
   */
  async within(
    tx: Tx,
    publicationId: string,
    friend: Subscriber,
    presented: Presented,
    now: Date,
  ): Promise<Referral | null> {
    const links = await this.links(tx, publicationId, presented);
    const judged = attribute(links.filter(mayBring(friend)), now);
    if (judged.length === 0) return null;
    const winner = judged.find(({ outcome }) => outcome === 'won')?.candidate;
    const bound = winner === undefined ? null : await this.bind(tx, friend, winner, now);
    const isDecided =
      winner === undefined ? (await lockReferralOf(tx, publicationId, friend.id)) === null : bound !== null;
    // A friend who is bound already stays so, and so does what decided it.
    if (isDecided) await replaceReferralClicks(tx, publicationId, friend.id, judged.map(writtenDown(now)));
    return bound?.state === 'pending' ? bound : null;
  }

  /** Null when the friend has a referral that stays. */
  private async bind(tx: Tx, friend: Subscriber, link: Link, now: Date): Promise<Referral | null> {
    const { participant, click, contentId, channel } = link;
    const { publicationId } = friend;
    // Whoever was confirmed once, or is the referrer, can never be a new reader: said at once, for there may be no confirmation to come.
    const isReferrer = participant.subscriberId === friend.id;
    const isKnown = isReferrer || friend.confirmedAt !== null || (await this.wasErased(tx, friend));
    const reasons = isKnown ? [alreadyKnown(isReferrer)] : [];
    const referral: Referral = {
      publicationId,
      id: this.ids.next(),
      programId: participant.programId,
      referrerId: participant.id,
      referredId: friend.id,
      clickId: click?.id ?? null,
      clickedAt: click?.at ?? null,
      contentId,
      channel,
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
    return inserted;
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

  private async links(tx: Tx, publicationId: string, presented: Presented): Promise<Link[]> {
    const found = [
      ...(await this.clicked(tx, publicationId, presented.clicks)),
      ...(await this.coded(tx, publicationId, presented)),
    ];
    if (found.length === 0) return [];
    const programs = await listPrograms(tx, publicationId);
    return found.map((link) => {
      const program = programs.find(({ id }) => id === link.participant.programId)!;
      const settings = { model: program.attributionModel, windowDays: program.attributionWindowDays };
      return { ...link, participantId: link.participant.id, settings };
    });
  }

  /** The clicks that were signed by us for this publication and are stored, and whose owners can still bring friends. */
  private async clicked(tx: Tx, publicationId: string, tokens: readonly string[]) {
    const ids = tokens.flatMap((token) => {
      const subject = this.tokens.read('click', token);
      return subject?.publicationId === publicationId ? [subject.id] : [];
    });
    if (ids.length === 0) return [];
    const clicks = await findClicks(tx, publicationId, worthJudging(ids));
    const owners = await referrersById(
      tx,
      publicationId,
      clicks.map((click) => click.participantId),
    );
    return clicks.flatMap(({ id, at, participantId, contentId, channel }) => {
      const participant = owners.find((owner) => owner.id === participantId);
      if (participant === undefined) return [];
      return [{ click: { id, at }, participant, contentId, channel: channel as Channel }];
    });
  }

  private async coded(tx: Tx, publicationId: string, presented: Presented) {
    const code = presented.ref === null ? null : normaliseShareCode(presented.ref);
    const participant = code === null ? null : await referrerByCode(tx, publicationId, code);
    if (participant === null) return [];
    const content = presented.content === null ? null : await findContent(tx, publicationId, presented.content);
    const channel = channelOf(presented.channel ?? undefined);
    return [{ click: null, participant, contentId: content?.id ?? null, channel }];
  }
}

/** Nobody brings themselves: whoever tries their own link before they have confirmed stays free for another's. */
function mayBring({ id, confirmedAt }: Subscriber): (link: Link) => boolean {
  return ({ participant }) => confirmedAt !== null || participant.subscriberId !== id;
}

function writtenDown(signedUpAt: Date) {
  return ({ candidate, outcome }: Judged<Link>): NewReferralClick => ({
    clickId: candidate.click?.id ?? null,
    clickedAt: candidate.click?.at ?? null,
    participantId: candidate.participantId,
    contentId: candidate.contentId,
    channel: candidate.channel,
    ...candidate.settings,
    outcome,
    signedUpAt,
  });
}
