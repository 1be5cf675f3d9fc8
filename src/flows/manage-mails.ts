import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import type { StaffActor } from '../domain/permissions.js';
import { closeStopped, copyMail, lockMail, putBackMail } from '../mail/stopped-mail.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Audit } from './audit.js';

/** `before`: somebody had done it, or the mail went another way meanwhile. */
type Managed = 'done' | 'before';

/** Staff decide about mails that nobody knows the end of, that gave up, or that a reader asks for again. Each is safe to press twice. */
@Injectable()
export class ManageMails {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly audit: Audit,
  ) {}

  /** A mail that gave up, or may have arrived, waits to be sent again: under the same Message-ID, so that a mail program shows it once. */
  putBack(publicationId: string, id: string, by: StaffActor): Promise<Managed> {
    return this.manage(publicationId, id, 'mail.put-back', by, (tx) =>
      putBackMail(tx, publicationId, id, this.clock.now()),
    );
  }

  /** A mail that may have arrived, or gave up, is left so. */
  giveUp(publicationId: string, id: string, by: StaffActor): Promise<Managed> {
    return this.manage(publicationId, id, 'mail.give-up', by, (tx) => closeStopped(tx, publicationId, id));
  }

  /** A mail that was sent goes out once more, as a new one; once a day at most. */
  again(publicationId: string, id: string, by: StaffActor): Promise<Managed> {
    const now = this.clock.now();
    const dedupeKey = `again:${id}:${now.toISOString().slice(0, 10)}`;
    return this.manage(publicationId, id, 'mail.send-again', by, (tx) =>
      copyMail(tx, publicationId, id, { id: this.ids.next(), dedupeKey, now }),
    );
  }

  private manage(
    publicationId: string,
    id: string,
    act: string,
    by: StaffActor,
    work: (tx: Tx) => Promise<boolean>,
  ): Promise<Managed> {
    return this.database.transaction(async (tx) => {
      const mail = await lockMail(tx, publicationId, id);
      if (mail === null) throw new DomainError('request/not-found', 'There is no such mail');
      if (!(await work(tx))) return 'before';
      const people = mail.subscriberId === null ? [] : [mail.subscriberId];
      const audited = { act, subject: { kind: 'mail', id }, people, data: { message: mail.message } };
      await this.audit.within(tx, publicationId, by, audited, this.clock.now());
      return 'done';
    });
  }
}
