import { Injectable } from '@nestjs/common';
import { CONFIRM_DAYS } from '../mail/compose.js';
import { findMail } from '../mail/outbox.store.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Tokens } from '../platform/tokens.js';
import { findSubscriber, isPresent, lockSubscriber, type PresentSubscriber } from '../subscribers/subscriber.store.js';
import { Activate, type Activation } from './activate.js';
import type { Visitor } from './traces.js';

const DAY_MS = 86_400_000;

/** `expired` is a token of ours that is too old, went to an address that the reader gave up, or is of one who was erased; `unknown` is anything else. */
type ConfirmToken =
  | { kind: 'good'; subscriber: PresentSubscriber; sentAt: Date | null }
  | { kind: 'expired'; publicationId: string }
  | { kind: 'unknown' };

/** The button behind the link of a confirm mail. Looking changes nothing; pressing may be repeated for the whole life of the token. */
@Injectable()
export class Confirm {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tokens: Tokens,
    private readonly activate: Activate,
  ) {}

  /** Whom a token would confirm. */
  look(token: string): Promise<ConfirmToken> {
    return this.read(this.database.reader, token);
  }

  private async read(tx: Tx, token: string): Promise<ConfirmToken> {
    const subject = this.tokens.read('confirm', token);
    if (subject === null) return { kind: 'unknown' };
    const mail = await findMail(tx, subject.publicationId, subject.id);
    const subscriber = mail && (await findSubscriber(tx, subject.publicationId, mail.subscriberId));
    if (!subscriber) return { kind: 'unknown' };
    const isWithdrawn = mail.state === 'suppressed';
    if (!isPresent(subscriber) || isWithdrawn) return { kind: 'expired', publicationId: subject.publicationId };
    // The life of the token begins when the mail was accepted for sending, so that an outage of the mail server costs nobody a day.
    const tooOld = mail.sentAt !== null && mail.sentAt.getTime() + CONFIRM_DAYS * DAY_MS <= this.clock.now().getTime();
    return tooOld
      ? { kind: 'expired', publicationId: subject.publicationId }
      : { kind: 'good', subscriber, sentAt: mail.sentAt };
  }

  async run(
    token: string,
    visitor: Visitor | null = null,
  ): Promise<
    Exclude<ConfirmToken, { kind: 'good' }> | { kind: 'done'; subscriber: PresentSubscriber; activation: Activation }
  > {
    const looked = await this.look(token);
    if (looked.kind !== 'good') return looked;
    const { publicationId, id } = looked.subscriber;
    return this.database.transaction(async (tx) => {
      // Looked at again under the lock: the address may have been changed since, and with it whom the mail had asked.
      await lockSubscriber(tx, publicationId, id);
      const again = await this.read(tx, token);
      if (again.kind !== 'good') return again;
      const afterSendMs = again.sentAt === null ? null : this.clock.now().getTime() - again.sentAt.getTime();
      const confirmation = visitor && { ...visitor, afterSendMs };
      const activation = await this.activate.within(tx, publicationId, id, 'join_page', { confirmation });
      return { kind: 'done', subscriber: again.subscriber, activation };
    });
  }
}
