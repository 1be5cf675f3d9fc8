import { Injectable } from '@nestjs/common';
import { DomainError, invalid } from '../domain/errors.js';
import type { WebhookSubscription } from '../domain/webhook-events.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { lockDelivery, replayDelivery } from '../webhooks/shown-delivery.store.js';
import { SafeFetch } from '../webhooks/safe-fetch.js';
import type { Webhook } from '../webhooks/webhook.entities.js';
import { insertWebhook, lockWebhook, updateWebhook } from '../webhooks/webhook.store.js';
import { ROTATION_MS, WebhookSecrets } from '../webhooks/webhook-secrets.js';

/** What is not there is not changed. */
interface WebhookChange {
  url?: string;
  events?: WebhookSubscription[];
  enabled?: boolean;
}

/** What staff do with their endpoints. All of them throw `request/not-found`. */
@Injectable()
export class ManageWebhooks {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly secrets: WebhookSecrets,
    private readonly safeFetch: SafeFetch,
  ) {}

  /** Throws `webhook/too-many`, and `request/invalid` for an address that nothing would ever be sent to. */
  async create(
    publicationId: string,
    { url, events }: Required<Pick<WebhookChange, 'url' | 'events'>>,
  ): Promise<{ webhook: Webhook; secret: string }> {
    this.checkUrl(url);
    const id = this.ids.next();
    const { secret, sealed } = this.secrets.make({ publicationId, webhookId: id });
    const webhook: Webhook = {
      publicationId,
      id,
      url,
      events,
      offReason: null,
      secret: sealed,
      previousSecret: null,
      previousSecretUntil: null,
      failingSince: null,
      pausedUntil: null,
      createdAt: this.clock.now(),
    };
    const made = await this.database.transaction((tx) => insertWebhook(tx, webhook));
    if (!made) throw new DomainError('webhook/too-many');
    return { webhook, secret };
  }

  /** Switched on again, or sent elsewhere, it begins with a clean record, and gets what still waits for it. */
  change(publicationId: string, id: string, { enabled, ...named }: WebhookChange): Promise<Webhook> {
    if (named.url !== undefined) this.checkUrl(named.url);
    const isNewStart = enabled === true || named.url !== undefined;
    return this.changeLocked(publicationId, id, (webhook) => ({
      ...named,
      ...(isNewStart ? { failingSince: null, pausedUntil: null } : {}),
      ...(enabled === undefined ? {} : { offReason: enabled ? null : (webhook.offReason ?? 'staff') }),
    }));
  }

  /** The present secret goes on signing for a day, so that the receiver can change over in its own time. */
  async rotateSecret(publicationId: string, id: string): Promise<{ webhook: Webhook; secret: string }> {
    const { secret, sealed } = this.secrets.make({ publicationId, webhookId: id });
    const previousSecretUntil = new Date(this.clock.now().getTime() + ROTATION_MS);
    const webhook = await this.changeLocked(publicationId, id, (known) => ({
      secret: sealed,
      previousSecret: known.secret,
      previousSecretUntil,
    }));
    return { webhook, secret };
  }

  /** Throws `webhook/off`: it would wait for ever. */
  async replay(publicationId: string, deliveryId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const delivery = await lockDelivery(tx, publicationId, deliveryId);
      if (delivery === null) throw new DomainError('request/not-found', 'There is no such delivery');
      if (!delivery.isOn) throw new DomainError('webhook/off');
      await replayDelivery(tx, publicationId, deliveryId, this.clock.now());
    });
  }

  private changeLocked(
    publicationId: string,
    id: string,
    changesOf: (webhook: Webhook) => Partial<Webhook>,
  ): Promise<Webhook> {
    return this.database.transaction(async (tx) => {
      const webhook = await lockWebhook(tx, publicationId, id);
      if (webhook === null) throw new DomainError('request/not-found', 'There is no such webhook');
      const changes = changesOf(webhook);
      await updateWebhook(tx, publicationId, id, changes);
      return { ...webhook, ...changes };
    });
  }

  private checkUrl(url: string): void {
    const refusal = this.safeFetch.refusal(new URL(url));
    if (refusal !== null) throw invalid('url', refusal);
  }
}
