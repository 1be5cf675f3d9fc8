import { Injectable } from '@nestjs/common';
import { SIGN_IN_LINK_MINUTES } from '../domain/staff.js';
import { takeMail } from '../limits/limit.store.js';
import { enqueueStaffMail } from '../mail/outbox.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { Tokens } from '../platform/tokens.js';
import { findAccountByEmail, listWorkplaces } from '../staff/account.store.js';
import { insertLink } from '../staff/link.store.js';

const MINUTE_MS = 60_000;

/** Mails a link that signs somebody in once. */
@Injectable()
export class MailSignInLink {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly tokens: Tokens,
  ) {}

  /**
   * Answers nothing, and does nearly the same for an address that nobody has: a link that lets nobody in. Who works nowhere
   * yet gets none, for every mail is sent in the name of a publication.
   */
  run(emailKey: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const address = this.tokens.hash('limit', `staff-sign-in\n${emailKey}`);
      if ((await takeMail(tx, address, now, false)) === null) return;
      const account = await findAccountByEmail(tx, emailKey);
      const [workplace] = await listWorkplaces(tx, account ?? { id: this.ids.next(), operator: false });
      const id = this.ids.next();
      await insertLink(tx, {
        id, purpose: 'sign_in', email: null, emailKey: null, accountId: account?.id ?? null,
        publicationId: null, role: null, invitedBy: null,
        createdAt: now, expiresAt: new Date(now.getTime() + SIGN_IN_LINK_MINUTES * MINUTE_MS), usedAt: null,
      }); // prettier-ignore
      if (account === null || workplace === undefined) return;
      await enqueueStaffMail(tx, workplace.id, {
        id: this.ids.next(),
        recipient: account.email,
        message: 'staff-sign-in',
        data: { linkId: id, locale: account.locale },
        dedupeKey: `staff-sign-in:${id}`,
        now,
      });
    });
  }
}
