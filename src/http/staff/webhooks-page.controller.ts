import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { WEBHOOK_EVENTS, type WebhookSubscription } from '../../domain/webhook-events.js';
import { ManageWebhooks } from '../../flows/manage-webhooks.js';
import { Database } from '../../platform/database.js';
import { pageOf, pageRequest } from '../../platform/page.js';
import { findDelivery, listDeliveries } from '../../webhooks/shown-delivery.store.js';
import type { Webhook, WebhookDelivery } from '../../webhooks/webhook.entities.js';
import { deleteWebhook, findWebhook, listWebhooks } from '../../webhooks/webhook.store.js';
import { Id, WebUrl } from '../api/fields.js';
import { StaffCan } from '../policy.js';
import type { WebhookPageView, WebhooksView } from './connect-views.js';
import { Typed } from './form.js';
import { Desk, type DeskVisit } from './guard.js';
import { StaffPages } from './staff-pages.js';

const PER_PAGE = 50;
const TYPES: readonly string[] = Object.keys(WEBHOOK_EVENTS);
const WebhookForm = z.object({ url: Typed, events: Typed });
const WebhooksQuery = z.object({ after: z.string().optional() });
const DeliveriesQuery = z.object({
  state: z.enum(['waiting', 'delivered', 'failed', '']).catch(''),
  after: z.string().optional(),
});

/** Receivers of the publication's own, what they were told, and telling it again. */
@ApiExcludeController()
@Controller('admin/p/:publication/webhooks')
export class WebhooksPageController {
  constructor(
    private readonly database: Database,
    private readonly manageWebhooks: ManageWebhooks,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('webhooks:manage')
  async list(
    @Desk() desk: DeskVisit,
    @Query({ schema: WebhooksQuery }) { after }: z.infer<typeof WebhooksQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.staffPages.send(request, reply, 'webhooks', await this.view(desk, { after }));
  }

  /** Answers the page itself: the secret is shown once, and stands in no cookie and no path. */
  @Post()
  @StaffCan('webhooks:manage')
  async create(
    @Desk() desk: DeskVisit,
    @Body({ schema: WebhookForm }) typed: z.infer<typeof WebhookForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const url = WebUrl.safeParse(typed.url);
    const again = async (problem: string) =>
      this.staffPages.send(request, reply, 'webhooks', await this.view(desk, { typed, problem }), 422);
    if (!url.success) return again('problem.hookUrl.invalid');
    try {
      const events = subscriptionsOf(typed.events);
      const { secret } = await this.manageWebhooks.create(desk.workplace.id, { url: url.data, events });
      const view = await this.view(desk, { made: { url: url.data, secret } });
      return await this.staffPages.send(request, reply, 'webhooks', view);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === 'request/invalid') return again('problem.hookUrl.refused');
      if (error.code === 'webhook/too-many') return again('problem.hookUrl.tooMany');
      throw error;
    }
  }

  @Get(':id')
  @StaffCan('webhooks:manage')
  async show(
    @Desk() desk: DeskVisit,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: DeliveriesQuery }) query: z.infer<typeof DeliveriesQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.staffPages.send(request, reply, 'webhook', await this.page(desk, id, query, null));
  }

  @Post(':id/rotate')
  @StaffCan('webhooks:manage')
  async rotate(
    @Desk() desk: DeskVisit,
    @Param('id', { schema: Id }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { secret } = await this.manageWebhooks.rotateSecret(desk.workplace.id, id);
    return this.staffPages.send(request, reply, 'webhook', await this.page(desk, id, { state: '' }, { secret }));
  }

  @Post(':id/switch')
  @StaffCan('webhooks:manage')
  async switch(@Desk() desk: DeskVisit, @Param('id', { schema: Id }) id: string, @Res() reply: FastifyReply) {
    const { offReason } = await this.found(desk, id);
    await this.manageWebhooks.change(desk.workplace.id, id, { enabled: offReason !== null });
    return this.goTo(reply, desk, `/${id}`, offReason === null ? 'hook-off' : 'hook-on');
  }

  @Post(':id/remove')
  @StaffCan('webhooks:manage')
  async remove(@Desk() desk: DeskVisit, @Param('id', { schema: Id }) id: string, @Res() reply: FastifyReply) {
    if (!(await deleteWebhook(this.database.reader, desk.workplace.id, id))) throw notFound();
    return this.goTo(reply, desk, '', 'hook-removed');
  }

  /** Pressing it twice tells once: what waits is told by its next try. */
  @Post('deliveries/:delivery/replay')
  @StaffCan('webhooks:manage')
  async replay(@Desk() desk: DeskVisit, @Param('delivery', { schema: Id }) id: string, @Res() reply: FastifyReply) {
    const delivery = await findDelivery(this.database.reader, desk.workplace.id, id);
    if (delivery === null) throw notFound();
    try {
      await this.manageWebhooks.replay(desk.workplace.id, id);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'webhook/off') throw error;
      return this.goTo(reply, desk, `/${delivery.webhookId}`, 'hook-is-off', 'warn');
    }
    return this.goTo(reply, desk, `/${delivery.webhookId}`, 'hook-replayed');
  }

  private goTo(reply: FastifyReply, { workplace }: DeskVisit, path: string, said: string, kind?: 'warn') {
    return this.staffPages.goOn(reply, `/admin/p/${workplace.slug}/webhooks${path}`, said, {}, kind);
  }

  private async found({ workplace }: DeskVisit, id: string): Promise<Webhook> {
    const webhook = await findWebhook(this.database.reader, workplace.id, id);
    if (webhook === null) throw notFound();
    return webhook;
  }

  private async view(
    { workplace }: DeskVisit,
    more: { after?: string | undefined; made?: WebhooksView['made']; typed?: z.infer<typeof WebhookForm>; problem?: string },
  ): Promise<WebhooksView> {
    const page = pageRequest({ limit: PER_PAGE, after: more.after });
    const { data, nextCursor } = pageOf(await listWebhooks(this.database.reader, workplace.id, page), page);
    const chosen = more.typed?.events.split(',') ?? [];
    return {
      webhooks: data.map(webhookView),
      eventTypes: TYPES.map((type) => ({ type, chosen: chosen.includes(type) })),
      made: more.made ?? null,
      typed: { url: more.typed?.url ?? '' },
      problems: { url: more.problem ?? null },
      older: nextCursor === null ? null : `?after=${nextCursor}`,
    };
  } // prettier-ignore

  private async page(
    desk: DeskVisit,
    id: string,
    { state, after }: z.infer<typeof DeliveriesQuery>,
    made: WebhookPageView['made'],
  ): Promise<WebhookPageView> {
    const webhook = await this.found(desk, id);
    const page = pageRequest({ limit: PER_PAGE, after });
    const rows = await listDeliveries(this.database.reader, desk.workplace.id, id, state || null, page);
    const { data, nextCursor } = pageOf(rows, page);
    return {
      webhook: webhookView(webhook),
      made,
      state,
      deliveries: data.map(deliveryView),
      older: nextCursor === null ? null : `?${new URLSearchParams({ state, after: nextCursor }).toString()}`,
    };
  }
}

function notFound(): DomainError {
  return new DomainError('request/not-found', 'There is no such webhook');
}

/** Those that are ticked; none means all. */
function subscriptionsOf(ticked: string): WebhookSubscription[] {
  const types = ticked.split(',').filter((type) => TYPES.includes(type)) as WebhookSubscription[];
  return types.length === 0 ? ['*'] : types;
}

function webhookView({ id, url, events, offReason, failingSince, pausedUntil, createdAt }: Webhook) {
  return { id, url, events, offReason, failingSince, pausedUntil, createdAt };
}

function deliveryView(delivery: WebhookDelivery): WebhookPageView['deliveries'][number] {
  const { id, type, state, createdAt, dueAt, tries } = delivery;
  return { id, type, state, createdAt, dueAt, last: tries.at(-1) ?? null, tries: tries.length };
}
