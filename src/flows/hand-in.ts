import { Injectable } from '@nestjs/common';
import type { Address } from '../domain/email.js';
import { ASK_AGAIN_DAYS, HAND_IN_TEXT, isBusinessAddress } from '../domain/hand-in.js';
import { displayName } from '../domain/text.js';
import { takeMail } from '../limits/limit.store.js';
import { enqueueContactMail } from '../mail/outbox.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { makeErasureKey } from '../platform/erasure-key.js';
import { RandomBytes } from '../platform/random.js';
import { Tokens } from '../platform/tokens.js';
import { findProgram } from '../publications/program.store.js';
import { isBlocked } from '../referrals/fraud-list.store.js';
import { type Contact, giveBackAsk, insertHandIn, isKnownContact, takeAsk } from '../subscribers/hand-in.store.js';
import { participantsOf } from '../subscribers/participant.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import { lockSubscriber } from '../subscribers/subscriber.store.js';
import { contactMailKey } from './forget-contacts.js';
import { LimitForms } from './limit-forms.js';
import { Traces } from './traces.js';

const DAY_MS = 86_400_000;

/** `taken` whatever becomes of it: the answer must not tell who is a reader. `off` where nobody hands in anything. */
type HandedIn = 'taken' | 'not_business' | 'off';

/**
 * A participant hands in the business contact of a colleague who agreed. The colleague gets one mail that asks, and nothing
 * that anybody typed but the participant's first name. Who is known, has declined or was asked before gets none.
 */
@Injectable()
export class HandInContact {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly random: RandomBytes,
    private readonly tokens: Tokens,
    private readonly traces: Traces,
    private readonly limitForms: LimitForms,
  ) {}

  /** Throws TooManyRequests for a participant who hands in too many. */
  async run(publicationId: string, subscriberId: string, slug: string, address: Address): Promise<HandedIn> {
    const participantId = await this.participantId(publicationId, subscriberId, slug);
    if (participantId === null) return 'off';
    if (!isBusinessAddress(address.emailKey)) return 'not_business';
    await this.limitForms.passHandIn(participantId);
    return this.database.transaction(async (tx) => {
      // Locked: an erasure of the participant takes away what they had handed in, and sees all of it.
      const referrer = await lockSubscriber(tx, publicationId, subscriberId);
      if (referrer?.status !== 'active') return 'off';
      const { address: email, emailKey, abuseKey } = address;
      await this.ask(tx, referrer, participantId, { email, emailKey, abuseKey });
      return 'taken';
    });
  }

  private async participantId(publicationId: string, subscriberId: string, slug: string): Promise<string | null> {
    const tx = this.database.reader;
    const program = await findProgram(tx, publicationId, slug);
    if (program?.handIn !== true) return null;
    const own = await participantsOf(tx, publicationId, [subscriberId]);
    return own.find(({ programId }) => programId === program.id)?.id ?? null;
  }

  private async ask(tx: Tx, referrer: Subscriber, participantId: string, contact: Contact): Promise<void> {
    const { publicationId } = referrer;
    const [id, now] = [this.ids.next(), this.clock.now()];
    const { list } = this.traces.ofAddress(publicationId, contact);
    if ((await isKnownContact(tx, publicationId, contact)) || (await isBlocked(tx, publicationId, list))) return;
    await makeErasureKey(tx, this.random);
    const again = new Date(now.getTime() - ASK_AGAIN_DAYS * DAY_MS);
    if (!(await takeAsk(tx, publicationId, { abuseKey: contact.abuseKey, handInId: id, now, again }))) return;
    const dueAt = await takeMail(tx, this.tokens.hash('limit', `handed-in\n${contact.emailKey}`), now, true);
    if (dueAt === null) return giveBackAsk(tx, publicationId, id);
    await insertHandIn(tx, publicationId, {
      ...contact,
      id,
      participantId,
      textVersion: HAND_IN_TEXT,
      handedInAt: now,
    });
    await enqueueContactMail(tx, publicationId, {
      id: this.ids.next(),
      recipient: contact.email,
      message: 'handed-in',
      data: { handInId: id, referrer: { firstName: displayName(referrer.firstName ?? '') } },
      dedupeKey: contactMailKey(id),
      now,
      dueAt,
    });
  }
}
