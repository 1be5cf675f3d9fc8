import { Injectable } from '@nestjs/common';
import { MailWorker } from '../mail/mail.worker.js';
import type { ClaimedMail } from '../mail/outbox.store.js';
import { AskToShare } from './ask-to-share.js';
import { Leave } from './leave.js';
import { TellSharer } from './tell-sharer.js';

/** Sends what the outbox promises. An address that does not exist leaves the list. */
@Injectable()
export class SendMails {
  constructor(
    private readonly worker: MailWorker,
    private readonly leave: Leave,
    private readonly tellSharer: TellSharer,
    private readonly askToShare: AskToShare,
  ) {}

  async run(): Promise<void> {
    await this.worker.drain({
      onBounce: async ({ publicationId, subscriberId }) => {
        if (subscriberId !== null) await this.leave.run(publicationId, subscriberId, 'bounced', 'mail');
      },
      wordsOf: (tx, mail) => (asks(mail) ? this.askToShare.wordsOf(tx, mail) : this.tellSharer.wordsOf(tx, mail)),
    });
  }

  /** How many mails this process has sent in our words, since the publication's own could not be rendered. */
  get fellBack(): number {
    return this.worker.fellBack;
  }

  /** Why nothing goes out at the moment, or null. */
  trouble(): string | null {
    return this.worker.trouble();
  }
}

function asks({ message }: ClaimedMail): boolean {
  return message === 'near-milestone' || message === 'share-reminder';
}
