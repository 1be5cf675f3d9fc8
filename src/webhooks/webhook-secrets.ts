import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../platform/database.js';
import { RandomBytes } from '../platform/random.js';
import { Seal } from '../platform/seal.js';
import { SECRET_BYTES, writeSecret } from './sign.js';
import type { Webhook } from './webhook.entities.js';
import { everyWebhook, resealWebhook } from './webhook.store.js';

/** How long the former secret of an endpoint goes on signing beside the new one. */
export const ROTATION_MS = 86_400_000;

type Owner = Pick<Webhook, 'publicationId'> & { webhookId: string };

/** The secrets that sign, sealed as they lie in the database. */
@Injectable()
export class WebhookSecrets implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly random: RandomBytes,
    private readonly seal: Seal,
  ) {}

  /** A new secret: as the receiver is told it, once, and as it is stored. */
  make(owner: Owner): { secret: string; sealed: Buffer } {
    const secret = writeSecret(this.random.take(SECRET_BYTES));
    return { secret, sealed: this.seal.seal(name(owner), secret) };
  }

  /** What signs at a moment, the present secret first. */
  inForce(webhook: Owner & Pick<Webhook, 'secret' | 'previousSecret' | 'previousSecretUntil'>, now: Date): string[] {
    const { previousSecret, previousSecretUntil } = webhook;
    const isChanging = previousSecret !== null && previousSecretUntil !== null && previousSecretUntil > now;
    return [webhook.secret, ...(isChanging ? [previousSecret] : [])].map((sealed) =>
      this.seal.open(name(webhook), sealed),
    );
  }

  /** While SECRET_KEY_PREVIOUS is set, everything is sealed anew with the present key: afterwards the former one can be forgotten. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.seal.isChangingKeys) return;
    for (const webhook of await everyWebhook(this.database.reader)) {
      const owner = name({ publicationId: webhook.publicationId, webhookId: webhook.id });
      const anew = (sealed: Buffer) => this.seal.seal(owner, this.seal.open(owner, sealed));
      const previous = webhook.previousSecret === null ? null : anew(webhook.previousSecret);
      await resealWebhook(this.database.reader, webhook, anew(webhook.secret), previous);
    }
  }
}

function name({ publicationId, webhookId }: Owner): string {
  return `webhook/${publicationId}/${webhookId}`;
}
