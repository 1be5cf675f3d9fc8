import { Injectable } from '@nestjs/common';
import { ASK_AGAIN_DAYS, HAND_IN_DAYS } from '../domain/hand-in.js';
import { removeContactMails } from '../mail/forget-mails.store.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { deleteHandIns, lockUnanswered, lockWaitingOf, removeAsksBefore } from '../subscribers/hand-in.store.js';
import type { HandIn } from '../subscribers/subscriber.entities.js';

const DAY_MS = 86_400_000;
const CONTACTS_A_BATCH = 200;

/** The key by which the one mail about a contact is found. */
export const contactMailKey = (handInId: string): string => `handed-in:${handInId}`;

/** Deletes contacts that were handed in and have not agreed, with the mail that asked them. */
@Injectable()
export class ForgetContacts {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Those whose time is over. */
  async run(): Promise<void> {
    const now = this.clock.now().getTime();
    while (await this.database.transaction((tx) => this.batch(tx, new Date(now - HAND_IN_DAYS * DAY_MS))));
    await removeAsksBefore(this.database.reader, new Date(now - ASK_AGAIN_DAYS * DAY_MS));
  }

  /** Those that an erased reader had handed in, and that have an address of theirs. */
  async ofErased(tx: Tx, publicationId: string, erased: { subscriberId: string; emailKeys: string[] }): Promise<void> {
    for (const id of await lockWaitingOf(tx, publicationId, erased)) await this.within(tx, { publicationId, id });
  }

  async within(tx: Tx, { publicationId, id }: Pick<HandIn, 'publicationId' | 'id'>): Promise<void> {
    await removeContactMails(tx, publicationId, [contactMailKey(id)]);
    await deleteHandIns(tx, publicationId, [id]);
  }

  private async batch(tx: Tx, before: Date): Promise<boolean> {
    const contacts = await lockUnanswered(tx, before, CONTACTS_A_BATCH);
    for (const contact of contacts) await this.within(tx, contact);
    return contacts.length === CONTACTS_A_BATCH;
  }
}
