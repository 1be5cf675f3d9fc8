import { Injectable } from '@nestjs/common';
import { enqueueMail } from '../mail/outbox.store.js';
import { Clock, Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { lockReferralOf } from '../referrals/referral.store.js';
import { participantsOf } from '../subscribers/participant.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import {
  isPresent,
  lockMailboxAndSeeWhetherKnown,
  lockSubscriber,
  recordConsent,
  updateSubscriber,
} from '../subscribers/subscriber.store.js';
import { Announce } from './announce.js';
import { type Confirmation, JudgeReferral } from './judge-referral.js';
import { NextReward } from './next-reward.js';

/** `already` was active before; `left` no longer waits for a confirmation, having unsubscribed since. */
export type Activation = 'activated' | 'already' | 'left';

export interface ActivationDetails {
  /** What the publisher says about where the permission came from, when an import confirms. */
  words?: string;
  confirmation?: Confirmation;
}

/** A reader has confirmed: they become active, get their link, and whoever referred them gets the credit or the reason why not. */
@Injectable()
export class Activate {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly links: Links,
    private readonly nextReward: NextReward,
    private readonly judgeReferral: JudgeReferral,
    private readonly announce: Announce,
  ) {}

  /** Of an `import` the reader is not welcomed by mail; of a `single_opt_in` nobody confirmed anything, and no consent is noted. */
  async within(
    tx: Tx,
    publicationId: string,
    subscriberId: string,
    source: 'join_page' | 'api' | 'import' | 'hand_in' | 'single_opt_in',
    { words, confirmation = null }: ActivationDetails = {},
  ): Promise<Activation> {
    const subscriber = await lockSubscriber(tx, publicationId, subscriberId);
    if (subscriber?.status !== 'pending' || !isPresent(subscriber)) {
      if (subscriber?.status !== 'active') return 'left';
      await this.again(tx, subscriber, confirmation);
      return 'already';
    }
    const now = this.clock.now();
    const referral = await lockReferralOf(tx, publicationId, subscriberId);
    // Before the row is marked as confirmed: two aliases of one mailbox queue up here, and the second sees the first.
    const aliasOfEarlier = await lockMailboxAndSeeWhetherKnown(tx, publicationId, subscriber.abuseKey, subscriberId);
    const changes = { status: 'active' as const, confirmedAt: subscriber.confirmedAt ?? now, unsubscribedAt: null };
    await updateSubscriber(tx, publicationId, subscriberId, changes, now);
    const consentId = this.ids.next();
    if (source !== 'single_opt_in') {
      await recordConsent(tx, publicationId, { id: consentId, subscriberId, act: 'confirmed', source, words, at: now });
    }
    await this.announce.subscriber(tx, 'subscriber.confirmed', { ...subscriber, ...changes }, consentId, now);
    if (referral?.state === 'pending') {
      await this.judgeReferral.within(tx, subscriber, referral, aliasOfEarlier, confirmation, now);
    }
    if (source !== 'import') await this.welcome(tx, subscriber, now);
    return 'activated';
  }

  private async again(tx: Tx, friend: Subscriber, confirmation: Confirmation): Promise<void> {
    if (confirmation === null || !isPresent(friend)) return;
    const referral = await lockReferralOf(tx, friend.publicationId, friend.id);
    if (referral !== null) await this.judgeReferral.again(tx, friend, referral, confirmation, this.clock.now());
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
