import { z } from 'zod';
import { FRAUD_LEVELS } from '../../domain/fraud.js';
import { AnsweredInstant, Id, line, listOf, Timezone, WebUrl } from './fields.js';

const Attribution = z.strictObject({ model: z.enum(['first', 'last']), windowDays: z.number().int().min(1).max(365) });
const Verification = z.strictObject({
  doubleOptIn: z.boolean().meta({
    description:
      'False: an address that is new here needs no confirmation by mail. One that was here before confirms all the same.',
  }),
  holdDays: z
    .number()
    .int()
    .min(0)
    .max(30)
    .meta({ description: 'Days that a friend must stay subscribed before the referral counts.' }),
  requireEngagement: z
    .boolean()
    .meta({ description: 'Whether a friend must click in a mail, as a person, before the referral counts.' }),
});
const Fraud = z.strictObject({
  level: z.enum(FRAUD_LEVELS).meta({
    description:
      'How much it takes until a person looks at a referral: signs of weight 3 at `flexible`, 2 at `strong`, 1 at `very_strong`.',
  }),
});
const Delivery = z.discriminatedUnion('when', [
  z.strictObject({ when: z.literal('immediate') }),
  z.strictObject({
    when: z.literal('scheduled'),
    cron: line(100).meta({ example: '0 9 * * 1' }),
    timezone: Timezone.optional(),
  }),
]);

const DeliveryChanges = z.strictObject({
  when: z.enum(['immediate', 'scheduled']).optional(),
  cron: line(100).optional(),
  timezone: Timezone.optional(),
});

export const ProgramChanges = z.strictObject({
  name: line(120).optional(),
  landingUrl: WebUrl.nullable()
    .optional()
    .meta({ description: 'Where links lead that name no content; null is the hosted join page.' }),
  attribution: Attribution.partial().optional(),
  verification: Verification.partial().optional(),
  fraud: Fraud.partial().optional(),
  delivery: DeliveryChanges.optional(),
});

export const ProgramAnswer = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    access: z.enum(['auto', 'open', 'invite', 'application', 'segment']),
    landingUrl: z.string().nullable(),
    attribution: Attribution,
    verification: Verification,
    fraud: Fraud,
    delivery: Delivery,
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'Program' });
export const ProgramList = listOf(ProgramAnswer);

const milestone = {
  name: line(120),
  stage: z.literal('verified', 'must be verified: the only stage so far'),
  threshold: z.number().int().min(1).max(1_000_000),
  every: z.number().int().min(1).max(1_000_000).nullable(),
  recipient: z.enum(['referrer', 'referred']),
  rewardId: Id,
  approval: z.enum(['automated', 'semi_manual', 'manual']),
  holdDays: z.number().int().min(0).max(365),
  past: z.enum(['grant', 'ignore']),
};

export const NewMilestone = z
  .strictObject({
    ...milestone,
    every: milestone.every.default(null),
    approval: milestone.approval.default('automated'),
    holdDays: milestone.holdDays.default(0),
    cap: z.null('must be null: there are no caps yet').optional(),
    audience: z.null('must be null: every milestone is for everybody yet').optional(),
  })
  .refine(({ recipient, every }) => recipient === 'referrer' || every === null || every === 1, {
    path: ['every'],
    error: 'must be 1 or null where the referred person is rewarded',
  })
  .refine(({ recipient, threshold }) => recipient === 'referrer' || threshold === 1, {
    path: ['threshold'],
    error: 'must be 1 where the referred person is rewarded',
  });

export const MilestoneChanges = z.strictObject({ name: line(120).optional() });

export const MilestoneAnswer = z
  .object({ id: z.uuid(), ...milestone, stage: z.string(), createdAt: AnsweredInstant })
  .meta({ id: 'Milestone' });
export const MilestoneList = listOf(MilestoneAnswer);
