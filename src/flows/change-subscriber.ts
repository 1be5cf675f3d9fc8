import { Injectable } from '@nestjs/common';
import { type Attributes, mergeAttributes } from '../domain/attributes.js';
import type { Address } from '../domain/email.js';
import { DomainError } from '../domain/errors.js';
import { withdrawMails } from '../mail/outbox.store.js';
import { Clock } from '../platform/clock.js';
import { Database, sqlState, type Tx } from '../platform/database.js';
import { noteFormerAddress } from '../subscribers/erasure.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import {
  findSubscriber,
  findSubscriberByEmail,
  isPresent,
  lockSubscriber,
  type PresentSubscriber,
  setAttributes,
  updateSubscriber,
} from '../subscribers/subscriber.store.js';
import { Activate } from './activate.js';
import { Enrol } from './enrol.js';
import { RequestedMail } from './requested-mail.js';

/** What is not there is not changed. */
interface SubscriberChange {
  email: Address | null;
  firstName?: string | null;
  locale?: Subscriber['locale'];
  externalId?: string | null;
  heardFrom?: string | null;
  /** Merged with what is known; null takes a fact away. */
  attributes?: Attributes;
}

/** What a site says of a reader it knows. Both answer the reader as they are then, null when the publication has no such one. */
@Injectable()
export class ChangeSubscriber {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly enrol: Enrol,
    private readonly activate: Activate,
    private readonly requestedMail: RequestedMail,
  ) {}

  /** A new address is the same reader: link, counts and rewards stay. Throws `subscriber/email-taken`, `subscriber/external-id-taken` and `subscriber/erased`. */
  async run(publicationId: string, id: string, change: SubscriberChange): Promise<Subscriber | null> {
    try {
      return await this.database.transaction((tx) => this.change(tx, publicationId, id, change));
    } catch (error) {
      if (sqlState(error) === '23505') {
        throw new DomainError(
          'subscriber/external-id-taken',
          'Another subscriber has this externalId, or took the address at the same time',
        );
      }
      throw error;
    }
  }

  private async change(
    tx: Tx,
    publicationId: string,
    id: string,
    { email, attributes, ...rest }: SubscriberChange,
  ): Promise<Subscriber | null> {
    const known = await lockSubscriber(tx, publicationId, id);
    if (known === null) return null;
    if (!isPresent(known)) throw new DomainError('subscriber/erased');
    const now = this.clock.now();
    if (attributes !== undefined) {
      const merged = mergeAttributes(known.attributes, attributes);
      await setAttributes(tx, publicationId, id, merged, now);
      await this.enrol.within(tx, publicationId, id, now);
    }
    await updateSubscriber(tx, publicationId, id, rest, now);
    if (email !== null) await this.move(tx, known, email, now);
    return findSubscriber(tx, publicationId, id);
  }

  /** Who has not confirmed yet is asked at the new address, and the button in the old mailbox confirms nobody any more. */
  private async move(tx: Tx, reader: PresentSubscriber, to: Address, now: Date): Promise<void> {
    const { publicationId, id } = reader;
    const { address, emailKey, abuseKey } = to;
    await this.refuseTaken(tx, publicationId, id, to);
    if (emailKey !== reader.emailKey) await noteFormerAddress(tx, publicationId, reader);
    await updateSubscriber(tx, publicationId, id, { email: address, emailKey, abuseKey }, now);
    if (emailKey === reader.emailKey || reader.status !== 'pending') return;
    await withdrawMails(tx, publicationId, id, 'confirm', 'the address was changed');
    await this.requestedMail.within(tx, { ...reader, email: address, emailKey, abuseKey }, 'confirm');
  }

  /** Throws `subscriber/not-confirmable` for a reader who has left. */
  confirm(publicationId: string, id: string): Promise<Subscriber | null> {
    return this.database.transaction(async (tx) => {
      if ((await findSubscriber(tx, publicationId, id)) === null) return null;
      const activation = await this.activate.within(tx, publicationId, id, 'api');
      if (activation === 'left') {
        throw new DomainError('subscriber/not-confirmable', 'The subscriber has left and would have to sign up again');
      }
      return findSubscriber(tx, publicationId, id);
    });
  }

  private async refuseTaken(tx: Tx, publicationId: string, id: string, email: Address): Promise<void> {
    const owner = await findSubscriberByEmail(tx, publicationId, email.emailKey);
    if (owner !== null && owner.id !== id) throw new DomainError('subscriber/email-taken');
  }
}
