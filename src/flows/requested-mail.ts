import { Injectable } from '@nestjs/common';
import { mayMailAgain } from '../domain/mail-limits.js';
import { enqueueMail, mailsSince } from '../mail/outbox.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import { findSubscriberByEmail, lockSubscriber } from '../subscribers/subscriber.store.js';

const DAY_MS = 86_400_000;

/**
 * The mails that somebody asks for by typing an address: the confirm mail for who is not confirmed, the way to their page for who is.
 * Within limits per address, since anybody can type any address.
 */
@Injectable()
export class RequestedMail {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** At the door of the hub. Whether the address is known shows nowhere. */
  async hubLinkByEmail(publicationId: string, emailKey: string): Promise<void> {
    const subscriber = await findSubscriberByEmail(this.database.reader, publicationId, emailKey);
    if (subscriber !== null) await this.hubLink(publicationId, subscriber.id);
  }

  async hubLink(publicationId: string, subscriberId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const subscriber = await lockSubscriber(tx, publicationId, subscriberId);
      if (subscriber?.status === 'active') await this.within(tx, subscriber, 'hub-link');
    });
  }

  /** The caller holds the subscriber's row, so that of two requests at once only one finds the limit free. */
  async within(tx: Tx, subscriber: Subscriber, message: 'confirm' | 'hub-link'): Promise<void> {
    const now = this.clock.now();
    const recent = await mailsSince(
      tx,
      subscriber.publicationId,
      subscriber.id,
      message,
      new Date(now.getTime() - DAY_MS),
    );
    if (!mayMailAgain(recent, now)) return;
    const id = this.ids.next();
    await enqueueMail(tx, subscriber.publicationId, {
      id,
      subscriberId: subscriber.id,
      message,
      data: {},
      dedupeKey: `${message}:${id}`,
      now,
    });
  }
}
