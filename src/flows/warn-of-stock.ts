import { Injectable } from '@nestjs/common';
import { isLowStock } from '../domain/webhook-events.js';
import { enqueueStaffMail } from '../mail/outbox.store.js';
import { poolsInUse } from '../milestones/reward.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { getPublication } from '../publications/publication.store.js';

/**
 * Mails to a publication whose pool of codes is nearly empty: once, until it is refilled. Looked for now and then instead of with
 * every code that is taken, since it counts the whole pool.
 */
@Injectable()
export class WarnOfStock {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async run(): Promise<void> {
    const tx = this.database.reader;
    for (const { publicationId, rewardId, reward, value, total, free } of await poolsInUse(tx)) {
      if (!isLowStock({ total, free })) continue;
      const { fromEmail } = await getPublication(tx, publicationId);
      await enqueueStaffMail(tx, publicationId, {
        id: this.ids.next(),
        recipient: fromEmail,
        message: 'low-stock',
        data: { reward, left: free, total },
        // The total grows with a refill, and only then.
        dedupeKey: `low-stock:${rewardId}:${value}:${total}`,
        now: this.clock.now(),
      });
    }
  }
}
