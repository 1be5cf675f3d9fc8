import { Injectable } from '@nestjs/common';
import { mergeAttributes } from '../domain/attributes.js';
import type { Address } from '../domain/email.js';
import { DomainError } from '../domain/errors.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, sqlState, type Tx } from '../platform/database.js';
import { failpoint } from '../platform/failpoints.js';
import type { Publication } from '../publications/publication.entities.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import {
  findSubscriber,
  insertSubscriber,
  lockSubscriberByEmail,
  type NewSubscriber,
  recordConsent,
  setAttributes,
  updateSubscriber,
} from '../subscribers/subscriber.store.js';
import { Activate, type ActivationDetails } from './activate.js';
import { Announce } from './announce.js';
import { Enrol } from './enrol.js';
import { NoteSignup, type Reception } from './note-signup.js';
import { RequestedMail } from './requested-mail.js';
import { type Presented, Tie } from './tie.js';
import type { FormVisitor } from './traces.js';

export interface Signup {
  address: Address;
  firstName: string | null;
  locale: Subscriber['locale'] | null;
  attributes: Record<string, unknown>;
  externalId: string | null;
  heardFrom: string | null;
  presented: Presented;
  /** The site did its own double opt-in. */
  confirmed: boolean;
  source: 'join_page' | 'api' | 'hand_in';
  /** Who filled in the form, as far as it is known. */
  from?: FormVisitor;
  /** Who pressed the button, where the signup is confirmed by one. */
  confirmation?: ActivationDetails['confirmation'];
}

/** A signup: reader, share code, the tie to whoever referred them, and the mail that asks for the confirmation, in one transaction. */
@Injectable()
export class Join {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly enrol: Enrol,
    private readonly tie: Tie,
    private readonly noteSignup: NoteSignup,
    private readonly requestedMail: RequestedMail,
    private readonly activate: Activate,
    private readonly announce: Announce,
  ) {}

  /** Throws `subscriber/external-id-taken`. A wrong or foreign `ref` or click never fails a signup. */
  async run(publication: Publication, signup: Signup): Promise<{ subscriber: Subscriber; isNew: boolean }> {
    try {
      const joined = await this.database.transaction(async (tx) => {
        const result = await this.within(tx, publication, signup);
        failpoint('signup-before-commit');
        return result;
      });
      failpoint('signup-after-commit');
      return joined;
    } catch (error) {
      if (sqlState(error) === '23505') {
        throw new DomainError('subscriber/external-id-taken');
      }
      throw error;
    }
  }

  /** As run, inside of what else happens with it. */
  async within(tx: Tx, publication: Publication, signup: Signup): Promise<{ subscriber: Subscriber; isNew: boolean }> {
    const now = this.clock.now();
    const { subscriber, isNew } = await this.insertOrFind(tx, publication, signup, now);
    if (isNew || Object.keys(signup.attributes).length > 0) {
      await this.enrol.within(tx, publication.id, subscriber.id, now);
    }
    if (isNew) {
      await this.announce.subscriber(tx, 'subscriber.created', subscriber, subscriber.id, now);
    }
    const bound = await this.tie.within(tx, publication.id, subscriber, signup.presented, now);
    const welcome = await this.noteSignup.within(tx, subscriber, bound, signup.from, now);
    if (subscriber.status !== 'active') {
      await recordConsent(tx, publication.id, {
        id: this.ids.next(),
        subscriberId: subscriber.id,
        act: 'asked',
        source: signup.source,
        at: now,
      });
    }
    if (signup.confirmed) {
      const { confirmation = null } = signup;
      await this.activate.within(tx, publication.id, subscriber.id, signup.source, { confirmation });
    } else if (subscriber.status === 'pending') await this.letIn(tx, subscriber, welcome);
    else if (subscriber.status === 'active' && signup.source === 'join_page') {
      await this.requestedMail.within(tx, subscriber, 'hub-link');
    }
    const after = await findSubscriber(tx, publication.id, subscriber.id);
    return { subscriber: after ?? subscriber, isNew };
  }

  /** A new address is asked to confirm, or is a reader's at once where the program does not ask; a blocked one hears nothing. */
  private async letIn(tx: Tx, subscriber: Subscriber, how: Reception): Promise<void> {
    if (how === 'silent') return;
    if (how === 'at once' && (await this.requestedMail.takePlace(tx, subscriber))) {
      await this.activate.within(tx, subscriber.publicationId, subscriber.id, 'single_opt_in');
    } else await this.requestedMail.within(tx, subscriber, 'confirm');
  }

  /** Twice, for a reader who was erased between the two looks: then the address is nobody's. */
  private async insertOrFind(tx: Tx, publication: Publication, signup: Signup, now: Date) {
    for (let attempt = 0; attempt < 2; attempt++) {
      const inserted = await insertSubscriber(tx, publication.id, this.newSubscriber(publication, signup, now));
      if (inserted !== null) return { subscriber: inserted, isNew: true };
      const known = await this.knownSubscriber(tx, publication.id, signup, now);
      if (known !== null) return { subscriber: known, isNew: false };
    }
    throw new DomainError('service/conflict');
  }

  /** Somebody who left and comes back waits for a confirmation again; what they told us earlier stays unless they tell it anew. */
  private async knownSubscriber(tx: Tx, publicationId: string, signup: Signup, now: Date): Promise<Subscriber | null> {
    const known = await lockSubscriberByEmail(tx, publicationId, signup.address.emailKey);
    if (known === null) return null;
    const returns = known.status === 'unsubscribed' || known.status === 'bounced';
    const changes = {
      ...(returns ? { status: 'pending' as const } : {}),
      ...(known.firstName === null && signup.firstName !== null ? { firstName: signup.firstName } : {}),
      ...(known.externalId === null && signup.externalId !== null ? { externalId: signup.externalId } : {}),
    };
    await updateSubscriber(tx, publicationId, known.id, changes, now);
    // Anybody can type any address into the form; only a key tells facts about a reader.
    const told = signup.source === 'api' ? signup.attributes : {};
    const attributes = mergeAttributes(known.attributes, told);
    if (Object.keys(told).length > 0) {
      await setAttributes(tx, publicationId, known.id, attributes, now);
    }
    return { ...known, ...changes, attributes };
  }

  private newSubscriber(publication: Publication, signup: Signup, now: Date): NewSubscriber {
    return {
      publicationId: publication.id,
      id: this.ids.next(),
      email: signup.address.address,
      emailKey: signup.address.emailKey,
      abuseKey: signup.address.abuseKey,
      firstName: signup.firstName,
      status: 'pending',
      locale: signup.locale ?? publication.locale,
      attributes: signup.attributes,
      externalId: signup.externalId,
      heardFrom: signup.heardFrom,
      createdAt: now,
      confirmedAt: null,
      unsubscribedAt: null,
    };
  }
}
