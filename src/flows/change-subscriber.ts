import { Injectable } from '@nestjs/common';
import type { Address } from '../domain/email.js';
import { DomainError } from '../domain/errors.js';
import { Clock } from '../platform/clock.js';
import { Database, sqlState, type Tx } from '../platform/database.js';
import { noteFormerAddress } from '../subscribers/erasure.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import {
  findSubscriber,
  findSubscriberByEmail,
  isPresent,
  lockSubscriber,
  updateSubscriber,
} from '../subscribers/subscriber.store.js';
import { Activate } from './activate.js';

/** What is not there is not changed. */
interface SubscriberChange {
  email: Address | null;
  firstName?: string | null;
  locale?: Subscriber['locale'];
  externalId?: string | null;
}

/** What a site says of a reader it knows. Both answer the reader as they are then, null when the publication has no such one. */
@Injectable()
export class ChangeSubscriber {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly activate: Activate,
  ) {}

  /** A new address is the same reader: link, counts and rewards stay. Throws `subscriber/email-taken`, `subscriber/external-id-taken` and `subscriber/erased`. */
  async run(publicationId: string, id: string, { email, ...rest }: SubscriberChange): Promise<Subscriber | null> {
    const address = email && { email: email.address, emailKey: email.emailKey, abuseKey: email.abuseKey };
    const changes = { ...rest, ...address };
    try {
      return await this.database.transaction(async (tx) => {
        const known = await lockSubscriber(tx, publicationId, id);
        if (known === null) return null;
        if (!isPresent(known)) throw new DomainError('subscriber/erased');
        if (email !== null) await this.refuseTaken(tx, publicationId, id, email);
        if (email !== null && email.emailKey !== known.emailKey) await noteFormerAddress(tx, publicationId, known);
        await updateSubscriber(tx, publicationId, id, changes, this.clock.now());
        return findSubscriber(tx, publicationId, id);
      });
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
