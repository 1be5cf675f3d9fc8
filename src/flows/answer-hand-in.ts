import { Injectable } from '@nestjs/common';
import { parseAddress } from '../domain/email.js';
import { HAND_IN_DAYS } from '../domain/hand-in.js';
import { displayName } from '../domain/text.js';
import { adoptContactMails } from '../mail/forget-mails.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Tokens } from '../platform/tokens.js';
import { getPublication } from '../publications/publication.store.js';
import { confirmHandIn, declineAsk, findHandIn, lockHandIn } from '../subscribers/hand-in.store.js';
import { participantsById } from '../subscribers/participant.store.js';
import type { HandIn } from '../subscribers/subscriber.entities.js';
import { recordConsent } from '../subscribers/subscriber.store.js';
import { Activate } from './activate.js';
import { contactMailKey, ForgetContacts } from './forget-contacts.js';
import { Join } from './join.js';
import { Leave } from './leave.js';
import type { Visitor } from './traces.js';

const DAY_MS = 86_400_000;

/** `gone`: declined, too late, or whoever handed it in is erased. */
type HandInToken =
  | { kind: 'good'; publicationId: string; referrerName: string | null; email: string | null }
  | { kind: 'gone'; publicationId: string }
  | { kind: 'unknown' };

/** The colleague whose contact was handed in agrees, or declines for good. Looking changes nothing; each press may be repeated. */
@Injectable()
export class AnswerHandIn {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly tokens: Tokens,
    private readonly join: Join,
    private readonly activate: Activate,
    private readonly leave: Leave,
    private readonly forgetContacts: ForgetContacts,
  ) {}

  async look(token: string): Promise<HandInToken> {
    const subject = this.tokens.read('hand-in', token);
    if (subject === null) return { kind: 'unknown' };
    const { publicationId, id } = subject;
    const handIn = await findHandIn(this.database.reader, publicationId, id);
    if (handIn === null || this.isOver(handIn)) return { kind: 'gone', publicationId };
    const referrerName = displayName(handIn.referrerName ?? '');
    return { kind: 'good', publicationId, referrerName, email: handIn.email };
  }

  /** Answers the id of the reader whom the contact has become; null where there is nothing to agree to any more. */
  async agree(token: string, visitor: Visitor): Promise<string | null> {
    const subject = this.tokens.read('hand-in', token);
    if (subject === null) return null;
    return this.database.transaction(async (tx) => {
      const handIn = await lockHandIn(tx, subject.publicationId, subject.id);
      if (handIn === null || this.isOver(handIn)) return null;
      if (handIn.subscriberId !== null) return this.again(tx, handIn, visitor);
      const now = this.clock.now();
      const subscriberId = await this.becomeReader(tx, handIn, visitor);
      await confirmHandIn(tx, handIn.publicationId, handIn.id, { subscriberId, now });
      await adoptContactMails(tx, handIn.publicationId, [contactMailKey(handIn.id)], subscriberId);
      return subscriberId;
    });
  }

  /** Nobody asks this address again. Who has become a reader since leaves. Answers the publication, null for a token that is not ours. */
  async decline(token: string): Promise<string | null> {
    const subject = this.tokens.read('hand-in', token);
    if (subject === null) return null;
    const { publicationId, id } = subject;
    await this.database.transaction(async (tx) => {
      const handIn = await lockHandIn(tx, publicationId, id);
      await declineAsk(tx, publicationId, id);
      if (handIn?.subscriberId) await this.leave.within(tx, publicationId, handIn.subscriberId, 'unsubscribed', 'mail');
      else if (handIn !== null) await this.forgetContacts.within(tx, handIn);
    });
    return publicationId;
  }

  /** Also of who has agreed: the mail may be forwarded, and its button opens the reader's page. */
  private isOver({ handedInAt }: HandIn): boolean {
    return handedInAt.getTime() + HAND_IN_DAYS * DAY_MS <= this.clock.now().getTime();
  }

  /** Perhaps a machine pressed the button first, and now a person does. */
  private async again(tx: Tx, handIn: HandIn, visitor: Visitor): Promise<string | null> {
    const { publicationId, subscriberId } = handIn;
    const confirmation = this.confirmationOf(handIn, visitor);
    if (subscriberId === null) return null;
    const activation = await this.activate.within(tx, publicationId, subscriberId, 'hand_in', { confirmation });
    return activation === 'left' ? null : subscriberId;
  }

  private confirmationOf({ handedInAt }: HandIn, visitor: Visitor) {
    return { ...visitor, afterSendMs: this.clock.now().getTime() - handedInAt.getTime() };
  }

  /** As somebody who came by the participant's link and confirmed. */
  private async becomeReader(tx: Tx, handIn: HandIn, visitor: Visitor): Promise<string> {
    const publication = await getPublication(tx, handIn.publicationId);
    const [referrer] = await participantsById(tx, handIn.publicationId, [handIn.participantId]);
    const parsed = parseAddress(handIn.email ?? '');
    if (!parsed.ok) throw new Error('a contact without an address');
    const { subscriber } = await this.join.within(tx, publication, {
      address: parsed.address,
      firstName: null,
      locale: null,
      attributes: {},
      externalId: null,
      heardFrom: null,
      presented: { ref: referrer?.code ?? null, clicks: [], content: null, channel: 'other' },
      confirmed: true,
      source: 'hand_in',
      // The client is told once, as the one that pressed: a script would speak twice against itself.
      from: { ip: visitor.ip, userAgent: null },
      confirmation: this.confirmationOf(handIn, visitor),
    });
    await recordConsent(tx, handIn.publicationId, {
      id: this.ids.next(),
      subscriberId: subscriber.id,
      act: 'asked',
      source: 'hand_in',
      at: handIn.handedInAt,
      words: handIn.textVersion,
    });
    return subscriber.id;
  }
}
