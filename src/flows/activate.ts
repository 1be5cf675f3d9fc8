import { Injectable } from '@nestjs/common';
import { isDisposable } from '../domain/mail-providers.js';
import { assess } from '../domain/fraud.js';
import { expiresAt } from '../domain/referral.js';
import { enqueueMail } from '../mail/outbox.store.js';
import { Clock, Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { getProgram } from '../publications/program.store.js';
import type { Referral } from '../referrals/referral.entities.js';
import { lockReferralOf } from '../referrals/referral.store.js';
import { participantsById, participantsOf } from '../subscribers/participant.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import {
  findSubscriber,
  isPresent,
  lockMailboxAndSeeWhetherKnown,
  lockSubscriber,
  type PresentSubscriber,
  recordConsent,
  updateSubscriber,
} from '../subscribers/subscriber.store.js';
import { Announce } from './announce.js';
import { ChangeReferral } from './change-referral.js';
import { NextReward } from './next-reward.js';
import { SettleHeld } from './settle-held.js';

/** `already` was active before; `left` no longer waits for a confirmation, having unsubscribed since. */
export type Activation = 'activated' | 'already' | 'left';

/** A reader has confirmed: they become active, get their link, and whoever referred them gets the credit or the reason why not. */
@Injectable()
export class Activate {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly links: Links,
    private readonly nextReward: NextReward,
    private readonly changeReferral: ChangeReferral,
    private readonly settleHeld: SettleHeld,
    private readonly announce: Announce,
  ) {}

  /** `words`: what the publisher says about where the permission came from, when an import confirms; such a reader is not welcomed by mail. */
  async within(
    tx: Tx,
    publicationId: string,
    subscriberId: string,
    source: 'join_page' | 'api' | 'import' | 'hand_in',
    words?: string,
  ): Promise<Activation> {
    const subscriber = await lockSubscriber(tx, publicationId, subscriberId);
    if (subscriber?.status !== 'pending' || !isPresent(subscriber)) {
      return subscriber?.status === 'active' ? 'already' : 'left';
    }
    const now = this.clock.now();
    const referral = await lockReferralOf(tx, publicationId, subscriberId);
    // Before the row is marked as confirmed: two aliases of one mailbox queue up here, and the second sees the first.
    const aliasOfEarlier = await lockMailboxAndSeeWhetherKnown(tx, publicationId, subscriber.abuseKey, subscriberId);
    const changes = { status: 'active' as const, confirmedAt: subscriber.confirmedAt ?? now, unsubscribedAt: null };
    await updateSubscriber(tx, publicationId, subscriberId, changes, now);
    const consentId = this.ids.next();
    await recordConsent(tx, publicationId, { id: consentId, subscriberId, act: 'confirmed', source, words, at: now });
    await this.announce.subscriber(tx, 'subscriber.confirmed', { ...subscriber, ...changes }, consentId, now);
    if (referral?.state === 'pending') await this.settle(tx, subscriber, referral, aliasOfEarlier, now);
    if (source !== 'import') await this.welcome(tx, subscriber, now);
    return 'activated';
  }

  private async settle(
    tx: Tx,
    friend: PresentSubscriber,
    referral: Referral,
    aliasOfEarlier: boolean,
    now: Date,
  ): Promise<void> {
    if (expiresAt(referral.createdAt) <= now) {
      return this.changeReferral.within(tx, referral, { state: 'expired' }, 'schedule', now);
    }
    const program = await getProgram(tx, friend.publicationId, referral.programId);
    const [participant] = await participantsById(tx, friend.publicationId, [referral.referrerId]);
    const referrer = participant && (await findSubscriber(tx, friend.publicationId, participant.subscriberId));
    if (!referrer) throw new Error('a referral without a referrer');
    const domain = friend.email.slice(friend.email.lastIndexOf('@') + 1);
    const reasons = assess({
      referrer,
      friend: { ...friend, domain },
      aliasOfEarlier,
      disposable: isDisposable(domain),
    });
    if (reasons.length > 0) {
      const refused = { state: 'rejected' as const, reasons, confirmedAt: now };
      return this.changeReferral.within(tx, referral, refused, 'reader', now);
    }
    await this.settleHeld.within(tx, { ...referral, confirmedAt: now }, program, now, 'reader');
  }

  private async welcome(tx: Tx, subscriber: Subscriber, now: Date): Promise<void> {
    const [participant] = await participantsOf(tx, subscriber.publicationId, [subscriber.id]);
    if (participant === undefined) return;
    const { next } = await this.nextReward.of(tx, subscriber.publicationId, participant);
    await enqueueMail(tx, subscriber.publicationId, {
      id: this.ids.next(),
      subscriberId: subscriber.id,
      message: 'welcome',
      data: { shareUrl: this.links.share(participant.code), next: next?.told ?? null },
      dedupeKey: `welcome:${subscriber.id}`,
      now,
    });
  }
}
