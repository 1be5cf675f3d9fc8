import { Injectable } from '@nestjs/common';
import { confirmMailsToRemindOf, enqueueMail } from '../mail/outbox.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';

const HOUR_MS = 3_600_000;
/** A reminder after a day finds people who were busy; after three, people who have forgotten what they asked for. */
const REMIND = { fromHours: 24, untilHours: 72 };
const MAILS_A_BATCH = 200;

/** Reminds those who asked for the letter and have not confirmed: once, whatever becomes of it. */
@Injectable()
export class RemindToConfirm {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.now();
    while (await this.database.transaction((tx) => this.batch(tx, now)));
  }

  /** False when nobody is left. The key of the mail decides where two processes find the same reader. */
  private async batch(tx: Tx, now: Date): Promise<boolean> {
    const ago = (hours: number) => new Date(now.getTime() - hours * HOUR_MS);
    const sent = { after: ago(REMIND.untilHours), until: ago(REMIND.fromHours) };
    const unanswered = await confirmMailsToRemindOf(tx, sent, MAILS_A_BATCH);
    for (const { publicationId, id: confirmMailId, subscriberId } of unanswered) {
      await enqueueMail(tx, publicationId, {
        id: this.ids.next(),
        subscriberId,
        message: 'confirm-reminder',
        data: { confirmMailId },
        dedupeKey: `confirm-reminder:${subscriberId}`,
        now,
      });
    }
    return unanswered.length === MAILS_A_BATCH;
  }
}
