import { Injectable } from '@nestjs/common';
import { LEFT_IN_DELAY } from '../domain/fraud.js';
import { withReason } from '../domain/review.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { lockReferralOf } from '../referrals/referral.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import { lockSubscriber, recordConsent, updateSubscriber } from '../subscribers/subscriber.store.js';
import { Announce } from './announce.js';
import { ChangeReferral } from './change-referral.js';

/** A reader unsubscribes, or their mailbox turns out not to exist. A referral that counts goes on counting. */
@Injectable()
export class Leave {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly changeReferral: ChangeReferral,
    private readonly announce: Announce,
  ) {}

  /** Answers the reader as they are now; null when the publication has no such reader. Doing it twice changes nothing. */
  run(
    publicationId: string,
    subscriberId: string,
    how: 'unsubscribed' | 'bounced',
    source: 'mail' | 'api',
  ): Promise<Subscriber | null> {
    return this.database.transaction((tx) => this.within(tx, publicationId, subscriberId, how, source));
  }

  async within(
    tx: Tx,
    publicationId: string,
    subscriberId: string,
    how: 'unsubscribed' | 'bounced',
    source: 'mail' | 'api',
  ): Promise<Subscriber | null> {
    const subscriber = await lockSubscriber(tx, publicationId, subscriberId);
    if (subscriber === null) return null;
    if (subscriber.status !== 'pending' && subscriber.status !== 'active') return subscriber;
    const now = this.clock.now();
    const changes = { status: how, unsubscribedAt: how === 'unsubscribed' ? now : subscriber.unsubscribedAt };
    await updateSubscriber(tx, publicationId, subscriberId, changes, now);
    if (how === 'unsubscribed') {
      const consentId = this.ids.next();
      await recordConsent(tx, publicationId, { id: consentId, subscriberId, act: 'withdrawn', source, at: now });
      await this.announce.subscriber(tx, 'subscriber.unsubscribed', { ...subscriber, ...changes }, consentId, now);
    }
    const referral = await lockReferralOf(tx, publicationId, subscriberId);
    if (referral?.state === 'held') {
      await this.changeReferral.within(
        tx,
        referral,
        { state: 'rejected', reasons: withReason(referral.reasons, LEFT_IN_DELAY) },
        'reader',
        now,
      );
    }
    return { ...subscriber, ...changes };
  }
}
