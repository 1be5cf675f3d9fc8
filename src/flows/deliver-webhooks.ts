import { Injectable } from '@nestjs/common';
import { enqueueStaffMail } from '../mail/outbox.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { getPublication } from '../publications/publication.store.js';
import { switchOff } from '../webhooks/webhook.store.js';
import { WebhookWorker } from '../webhooks/webhook.worker.js';

/** Delivers what the webhooks' outbox promises. An endpoint that is gone, or fails for days, is switched off and the publication told by mail. */
@Injectable()
export class DeliverWebhooks {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly worker: WebhookWorker,
  ) {}

  run(): Promise<void> {
    return this.worker.drain(({ publicationId, webhookId }, reason) =>
      this.switchOff(publicationId, webhookId, reason),
    );
  }

  private async switchOff(publicationId: string, webhookId: string, reason: 'gone' | 'failing'): Promise<void> {
    await this.database.transaction(async (tx) => {
      const webhook = await switchOff(tx, publicationId, webhookId, reason);
      if (webhook === null) return;
      const now = this.clock.now();
      const { origin, pathname } = new URL(webhook.url); // the query may hold a token of the receiver's
      const { fromEmail } = await getPublication(tx, publicationId);
      await enqueueStaffMail(tx, publicationId, {
        id: this.ids.next(),
        recipient: fromEmail,
        message: 'webhook-off',
        data: { receiver: `${origin}${pathname}`, webhookId, isGone: reason === 'gone' },
        dedupeKey: `webhook-off:${webhookId}:${now.getTime()}`,
        now,
      });
    });
  }
}
