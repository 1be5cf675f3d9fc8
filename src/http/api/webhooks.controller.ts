import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { ManageWebhooks } from '../../flows/manage-webhooks.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import { findDelivery, listDeliveries } from '../../webhooks/shown-delivery.store.js';
import type { Webhook, WebhookDelivery } from '../../webhooks/webhook.entities.js';
import { deleteWebhook, findWebhook, listWebhooks } from '../../webhooks/webhook.store.js';
import { PublicationId } from '../authenticate.js';
import { Id, listOf } from './fields.js';
import { Operation } from './operation.js';
import {
  DeliveryAnswer,
  DeliveryQuery,
  NewWebhook,
  WebhookAnswer,
  WebhookChanges,
  WebhookWithSecret,
} from './webhooks.schema.js';

@ApiTags('webhooks')
@Controller('api/v1')
export class WebhooksController {
  constructor(
    private readonly database: Database,
    private readonly manageWebhooks: ManageWebhooks,
  ) {}

  @Post('webhooks')
  @Operation({
    summary: 'Have a receiver of yours told of what happens',
    can: 'webhooks:manage',
    status: 201,
    answer: WebhookWithSecret,
    errors: ['webhook/too-many'],
  })
  async create(@PublicationId() publicationId: string, @Body({ schema: NewWebhook }) body: z.infer<typeof NewWebhook>) {
    const { webhook, secret } = await this.manageWebhooks.create(publicationId, body);
    return { ...answer(webhook), secret };
  }

  @Get('webhooks')
  @Operation({ summary: 'All webhooks, newest first', can: 'webhooks:manage', answer: listOf(WebhookAnswer) })
  async list(@PublicationId() publicationId: string, @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const page = pageRequest(query);
    const { data, nextCursor } = pageOf(await listWebhooks(this.database.reader, publicationId, page), page);
    return { data: data.map(answer), nextCursor };
  }

  @Get('webhooks/:id')
  @Operation({ summary: 'One webhook', can: 'webhooks:manage', answer: WebhookAnswer })
  async get(@PublicationId() publicationId: string, @Param('id', { schema: Id }) id: string) {
    return answer(await this.find(publicationId, id));
  }

  @Patch('webhooks/:id')
  @Operation({ summary: 'Change what is named', can: 'webhooks:manage', answer: WebhookAnswer })
  async update(
    @PublicationId() publicationId: string,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: WebhookChanges }) body: z.infer<typeof WebhookChanges>,
  ) {
    return answer(await this.manageWebhooks.change(publicationId, id, body));
  }

  @Post('webhooks/:id/rotate-secret')
  @Operation({
    summary: 'Make a new secret; the present one goes on signing beside it for 24 hours',
    can: 'webhooks:manage',
    answer: WebhookWithSecret,
  })
  async rotateSecret(@PublicationId() publicationId: string, @Param('id', { schema: Id }) id: string) {
    const { webhook, secret } = await this.manageWebhooks.rotateSecret(publicationId, id);
    return { ...answer(webhook), secret };
  }

  @Delete('webhooks/:id')
  @Operation({ summary: 'Remove a webhook and what still waits for it', can: 'webhooks:manage', answer: null })
  async remove(@PublicationId() publicationId: string, @Param('id', { schema: Id }) id: string) {
    if (!(await deleteWebhook(this.database.reader, publicationId, id))) throw new DomainError('request/not-found');
  }

  @Get('webhooks/:id/deliveries')
  @Operation({
    summary: 'What it was told or is to be told, newest first, with every try',
    can: 'webhooks:manage',
    answer: listOf(DeliveryAnswer),
  })
  async deliveries(
    @PublicationId() publicationId: string,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: DeliveryQuery }) query: z.infer<typeof DeliveryQuery>,
  ) {
    await this.find(publicationId, id);
    const page = pageRequest(query);
    const rows = await listDeliveries(this.database.reader, publicationId, id, query.state ?? null, page);
    const { data, nextCursor } = pageOf(rows, page);
    return { data: data.map(deliveryAnswer), nextCursor };
  }

  @Post('deliveries/:id/replay')
  @Operation({
    summary: 'Deliver again, now and with the same webhook-id, whether it failed or succeeded',
    can: 'webhooks:manage',
    answer: DeliveryAnswer,
    errors: ['webhook/off'],
  })
  async replay(@PublicationId() publicationId: string, @Param('id', { schema: Id }) id: string) {
    await this.manageWebhooks.replay(publicationId, id);
    const delivery = await findDelivery(this.database.reader, publicationId, id);
    if (delivery === null) throw new DomainError('request/not-found');
    return deliveryAnswer(delivery);
  }

  private async find(publicationId: string, id: string): Promise<Webhook> {
    const webhook = await findWebhook(this.database.reader, publicationId, id);
    if (webhook === null) throw new DomainError('request/not-found', 'There is no such webhook');
    return webhook;
  }
}

function answer(webhook: Webhook) {
  const { id, url, events, offReason, failingSince, pausedUntil, previousSecretUntil, createdAt } = webhook;
  const enabled = offReason === null;
  return { id, url, events, enabled, offReason, failingSince, pausedUntil, previousSecretUntil, createdAt };
}

function deliveryAnswer({ id, type, state, data, dueAt, deliveredAt, tries, createdAt }: WebhookDelivery) {
  const body = { type, timestamp: createdAt, data };
  return { id, type, state, body, nextTryAt: state === 'waiting' ? dueAt : null, deliveredAt, tries, createdAt };
}
