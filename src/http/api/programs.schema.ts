import { z } from 'zod';
import { MOST_STAGES, stageNameProblem } from '../../domain/stages.js';
import { FRAUD_LEVELS } from '../../domain/fraud.js';
import { AnsweredInstant, line, listOf, Slug, Timezone, WebUrl } from './fields.js';
import { accessAnswers, accessChanges } from './program-access.schema.js';

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

/** Names of stages of a program's own, each once. */
const Stages = z
  .array(
    z.string().superRefine((name, context) => {
      const message = stageNameProblem(name);
      if (message !== null) context.addIssue({ code: 'custom', message });
    }),
  )
  .max(MOST_STAGES, `must be at most ${MOST_STAGES}`)
  .refine((stages) => new Set(stages).size === stages.length, 'must not hold a name twice')
  .meta({
    description:
      'Stages of its own between `verified` and `qualified`, in their order. Events of these types take referrals there.',
    example: ['demo', 'trial'],
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
  stages: Stages.optional(),
  ...accessChanges,
});

export const NewProgram = ProgramChanges.extend({
  slug: Slug,
  name: line(120),
  access: accessChanges.access.meta({ description: '`open` unless said.' }),
});

export const ProgramAnswer = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    ...accessAnswers,
    landingUrl: z.string().nullable(),
    attribution: Attribution,
    verification: Verification,
    fraud: Fraud,
    delivery: Delivery,
    stages: z.array(z.string()),
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'Program' });
export const ProgramList = listOf(ProgramAnswer);
