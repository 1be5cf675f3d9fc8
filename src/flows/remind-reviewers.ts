import { Injectable } from '@nestjs/common';
import { dueSlot } from '../domain/schedule.js';
import { enqueueStaffMail } from '../mail/outbox.store.js';
import { Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { getPublication, timezonesInUse } from '../publications/publication.store.js';
import { waitingReviews } from '../reports/waiting.store.js';
import { publicationsToRun } from '../schedules/schedule-run.store.js';
import { RunOnce } from './run-once.js';

/** The name under which its runs are kept. */
const REVIEW_REMINDER = 'review-reminder';
const EVERY_MORNING = '0 9 * * *';
const DAY_MS = 86_400_000;

/** Every morning of each publication: are there referrals that have waited for a reviewer for a day or longer? */
@Injectable()
export class RemindReviewers {
  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
    private readonly runOnce: RunOnce,
  ) {}

  async run(now: Date): Promise<void> {
    const zones = await timezonesInUse(this.database.reader);
    const slots = zones.flatMap((timezone) => {
      const slot = dueSlot(now, { cron: EVERY_MORNING, timezone });
      return slot === null ? [] : [{ timezone, ...slot }];
    });
    for (const { publicationId, runKey } of await publicationsToRun(this.database.reader, REVIEW_REMINDER, slots)) {
      const run = { publicationId, schedule: REVIEW_REMINDER, runKey, ranAt: now };
      await this.runOnce.run(run, (tx) => this.remind(tx, publicationId, runKey, now));
    }
  }

  private async remind(tx: Tx, publicationId: string, runKey: string, now: Date): Promise<void> {
    const { count, since } = await waitingReviews(tx, publicationId);
    const days = since === null ? 0 : Math.floor((now.getTime() - since.getTime()) / DAY_MS);
    if (days === 0) return;
    const { fromEmail, slug } = await getPublication(tx, publicationId);
    await enqueueStaffMail(tx, publicationId, {
      id: this.ids.next(),
      recipient: fromEmail,
      message: 'review-waiting',
      data: { count, days, slug },
      dedupeKey: `review-waiting:${runKey}`,
      now,
    });
  }
}
