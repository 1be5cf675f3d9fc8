import { Injectable } from '@nestjs/common';
import { MailWorker } from '../mail/mail.worker.js';
import { Leave } from './leave.js';

/** Sends what the outbox promises. An address that does not exist leaves the list. */
@Injectable()
export class SendMails {
  constructor(
    private readonly worker: MailWorker,
    private readonly leave: Leave,
  ) {}

  async run(): Promise<void> {
    await this.worker.drain(async ({ publicationId, subscriberId }) => {
      if (subscriberId !== null) await this.leave.run(publicationId, subscriberId, 'bounced', 'mail');
    });
  }

  /** Why nothing goes out at the moment, or null. */
  trouble(): string | null {
    return this.worker.trouble();
  }
}
