import { z } from 'zod';
import type { ToldEvent, WebhookEventType, WebhookSubscription } from '../../domain/webhook-events.js';
import { WEBHOOK_EVENTS } from '../../domain/webhook-events.js';
import { PageQuery } from '../../platform/page.js';
import { AnsweredInstant, AnsweredMoney, WebUrl } from './fields.js';

const EVENTS = Object.keys(WEBHOOK_EVENTS) as [WebhookEventType, ...WebhookEventType[]];
const EVENT_LIST = Object.entries(WEBHOOK_EVENTS)
  .map(([type, meaning]) => `- \`${type}\`: ${meaning}`)
  .join('\n');

const Subscriptions = z
  .array(z.enum(['*', ...EVENTS]) satisfies z.ZodType<WebhookSubscription>)
  .min(1, 'must name at least one event, or "*" for all')
  .max(50)
  .transform((events) => [...new Set(events)])
  .meta({ description: `\`*\` is all there are and will be.\n${EVENT_LIST}`, example: ['*'] });

export const NewWebhook = z.strictObject({
  url: WebUrl.meta({ description: 'Where to POST. https, on the public internet; redirects are not followed.' }),
  events: Subscriptions.default(['*']),
});

export const WebhookChanges = z.strictObject({
  url: WebUrl.optional(),
  events: Subscriptions.optional(),
  enabled: z.boolean().optional().meta({ description: 'Switched on again, it gets what still waits for it.' }),
});

export const WebhookAnswer = z
  .object({
    id: z.uuid(),
    url: z.string(),
    events: z.array(z.enum(['*', ...EVENTS])),
    enabled: z.boolean(),
    offReason: z
      .enum(['staff', 'gone', 'failing'])
      .nullable()
      .meta({ description: '`gone`: it answered 410. `failing`: nothing succeeded for five days.' }),
    failingSince: AnsweredInstant.nullable().meta({ description: 'The first failure since the last success.' }),
    pausedUntil: AnsweredInstant.nullable().meta({ description: 'It asked for it with Retry-After.' }),
    previousSecretUntil: AnsweredInstant.nullable().meta({ description: 'The former secret signs too until then.' }),
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'Webhook' });

export const WebhookWithSecret = WebhookAnswer.extend({
  secret: z
    .string()
    .meta({ description: 'Shown once. Verify with any library of Standard Webhooks.', example: 'whsec_…' }),
}).meta({ id: 'WebhookWithSecret' });

const SubscriberTold = z.strictObject({
  id: z.uuid(),
  email: z.string(),
  firstName: z.string().nullable(),
  status: z.string(),
  locale: z.string(),
  externalId: z.string().nullable(),
  shareCode: z.string().nullable(),
  shareUrl: z.string().nullable(),
  createdAt: AnsweredInstant,
  confirmedAt: AnsweredInstant.nullable(),
});
const ReferralTold = z.strictObject({
  id: z.uuid(),
  program: z.string(),
  referrer: z.strictObject({ id: z.uuid(), email: z.string(), shareCode: z.string() }),
  referred: z.strictObject({ id: z.uuid(), email: z.string(), status: z.string() }),
  state: z.string(),
  heldFor: z.string().nullable(),
  reasons: z.array(z.strictObject({ code: z.string(), weight: z.number(), evidence: z.string().optional() })),
  content: z.string().nullable(),
  channel: z.string(),
  createdAt: AnsweredInstant,
  verifiedAt: AnsweredInstant.nullable(),
});
const MoneyTold = z.strictObject({ amount: z.number().int(), currency: z.string() });
const GrantTold = z.strictObject({
  id: z.uuid(),
  milestone: z.strictObject({ id: z.uuid(), name: z.string() }).nullable(),
  contest: z.strictObject({ id: z.uuid(), name: z.string() }).nullable(),
  raffle: z.strictObject({ id: z.uuid(), name: z.string() }).nullable(),
  reward: z.strictObject({ id: z.uuid(), name: z.string(), kind: z.string() }),
  subscriber: z.strictObject({ id: z.uuid(), email: z.string().nullable(), firstName: z.string().nullable() }),
  referral: z.uuid().nullable(),
  occurrence: z.string(),
  count: z.number().int().nullable(),
  status: z.string(),
  reason: z.string().nullable(),
  value: MoneyTold.nullable().meta({ description: 'What it is worth, once it is owed.' }),
  percent: z.number().int().nullable(),
  company: z.string().nullable().meta({ description: 'Whose account it is for; null: of the person.' }),
  dueAt: AnsweredInstant,
  sentAt: AnsweredInstant.nullable(),
  createdAt: AnsweredInstant,
});
const leadTold = {
  id: z.uuid().meta({ description: 'As in `GET /leads`.' }),
  program: z.string(),
  referrer: z.strictObject({ id: z.uuid(), email: z.string().nullable(), shareCode: z.string() }),
  referred: z.strictObject({
    id: z.uuid(),
    email: z.string(),
    firstName: z.string().nullable(),
    company: z.string().nullable(),
    role: z.string().nullable(),
  }),
  content: z.string().nullable(),
  channel: z.string(),
  stage: z.string(),
  value: z.array(AnsweredMoney),
  signedUpAt: AnsweredInstant,
  verifiedAt: AnsweredInstant.nullable(),
};
const PurchaseTold = z.strictObject({
  id: z.string().meta({ description: 'The id of the event that told of it.' }),
  plan: z.string().nullable(),
  seats: z.number().int().nullable(),
  value: AnsweredMoney.nullable(),
  at: AnsweredInstant,
});
const StockTold = z.strictObject({
  reward: z.strictObject({ id: z.uuid(), name: z.string() }),
  value: MoneyTold.nullable().meta({ description: 'Of gift cards: those of which value.' }),
  total: z.number().int(),
  free: z.number().int(),
});

const ParticipantTold = z.strictObject({
  id: z.uuid(),
  program: z.string(),
  subscriber: z.strictObject({ id: z.uuid(), email: z.string().nullable(), firstName: z.string().nullable() }),
  status: z.string(),
  requirements: z.record(z.string(), z.boolean()),
  answers: z.record(z.string(), z.string()),
  appliedAt: AnsweredInstant.nullable(),
});

/** The document's twin of WebhookData: a type that is told and not described here does not compile. */
const DATA = {
  'subscriber.created': SubscriberTold,
  'subscriber.confirmed': SubscriberTold,
  'subscriber.unsubscribed': SubscriberTold,
  'referral.pending': ReferralTold,
  'referral.held': ReferralTold,
  'referral.verified': ReferralTold,
  'referral.rejected': ReferralTold,
  'referral.reversed': ReferralTold,
  'lead.qualified': z.strictObject(leadTold),
  'lead.purchased': z.strictObject({ ...leadTold, purchase: PurchaseTold }),
  'milestone.reached': GrantTold,
  'grant.sent': GrantTold,
  'grant.fulfilled': GrantTold,
  'grant.revoked': GrantTold,
  'reward.low_stock': StockTold,
  'participant.applied': ParticipantTold,
} satisfies Record<ToldEvent, z.ZodType>;

const bodies = (Object.keys(DATA) as ToldEvent[]).map((type) =>
  z
    .strictObject({ type: z.literal(type), timestamp: AnsweredInstant, data: DATA[type] })
    .meta({ description: WEBHOOK_EVENTS[type] }),
);

/** What is POSTed to a receiver. */
export const WebhookBody = z.union(bodies as [(typeof bodies)[number], ...typeof bodies]).meta({
  id: 'WebhookBody',
  description:
    'POSTed as JSON, with the headers `webhook-id` (the same on every try), `webhook-timestamp` and `webhook-signature` of Standard Webhooks. Any 2xx is a success; anything else is tried again over three days. The same `webhook-id` may come twice, and events may come out of order.',
});

export const DeliveryAnswer = z
  .object({
    id: z.uuid().meta({ description: 'The `webhook-id` of every try.' }),
    type: z.string(),
    state: z.enum(['waiting', 'delivered', 'failed']),
    body: WebhookBody,
    nextTryAt: AnsweredInstant.nullable(),
    deliveredAt: AnsweredInstant.nullable(),
    tries: z
      .array(
        z.object({
          at: AnsweredInstant,
          status: z.number().int().nullable(),
          ms: z.number().int(),
          error: z.string().nullable(),
          answer: z.string().nullable().meta({ description: 'The first 1,000 bytes of it.' }),
        }),
      )
      .meta({ description: 'The last 20, oldest first.' }),
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'WebhookDelivery' });

export const DeliveryQuery = PageQuery.extend({ state: z.enum(['waiting', 'delivered', 'failed']).optional() });
