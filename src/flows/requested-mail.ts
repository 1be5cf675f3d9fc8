import { Injectable } from '@nestjs/common';
import { takeMail } from '../limits/limit.store.js';
import { enqueueMail, hasMail } from '../mail/outbox.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Tokens } from '../platform/tokens.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import { findSubscriberByEmail, lockSubscriber } from '../subscribers/subscriber.store.js';

/**
 * The mails that somebody asks for by typing an address: the confirm mail for who is not confirmed, the way to their page for who is.
 * Within limits per address over all publications, since anybody can type any address anywhere.
 */
@Injectable()
export class RequestedMail {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly tokens: Tokens,
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

  /** Takes the place of a confirm mail for another mail that anybody can cause by typing an address. False when there is none now. */
  async takePlace(tx: Tx, subscriber: Subscriber): Promise<boolean> {
    return (await takeMail(tx, this.limitOf(subscriber, 'confirm'), this.clock.now(), false)) !== null;
  }

  /**
   * Locks the address's limit until the transaction ends: call it last. Each kind of mail has a limit of its own, or who has
   * just joined would wait in vain for the way to their page. The first confirm mail of a publication waits for its place: who
   * joins two of them in a minute would otherwise never hear from the second. Any other mail can be asked for again.
   */
  async within(tx: Tx, subscriber: Subscriber, message: 'confirm' | 'hub-link'): Promise<void> {
    const now = this.clock.now();
    const { publicationId, id: subscriberId } = subscriber;
    const mayWait = message === 'confirm' && !(await hasMail(tx, publicationId, subscriberId, message));
    const dueAt = await takeMail(tx, this.limitOf(subscriber, message), now, mayWait);
    if (dueAt === null) return;
    const id = this.ids.next();
    await enqueueMail(tx, publicationId, {
      id,
      subscriberId,
      message,
      data: {},
      dedupeKey: `${message}:${id}`,
      now,
      dueAt,
    });
  }

  private limitOf({ emailKey }: Subscriber, message: 'confirm' | 'hub-link'): Buffer {
    return this.tokens.hash('limit', `${message}\n${emailKey}`);
  }
}
