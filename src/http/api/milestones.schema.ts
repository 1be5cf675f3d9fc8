import { z } from 'zod';
import { ruleProblem } from '../../domain/milestones.js';
import { AnsweredAudience, Audience } from './audience.schema.js';
import { AnsweredInstant, Id, line, listOf } from './fields.js';

const Cap = z
  .strictObject({ count: z.number().int().min(1).max(1_000_000), per: z.enum(['month', 'year', 'ever']) })
  .meta({
    description:
      'Rewards for one person in a calendar month or year of the publication, or ever. What is above is kept as `capped`.',
  });

const milestone = {
  name: line(120),
  stage: z
    .string()
    .max(64, 'must have at most 64 characters')
    .meta({ description: '`verified` or a later stage of the program.', example: 'verified' }),
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
    cap: Cap.nullable().default(null),
    audience: Audience.nullable().default(null),
  })
  .superRefine((rule, context) => {
    const problem = ruleProblem(rule);
    if (problem !== null) context.addIssue({ code: 'custom', path: [problem.path], message: problem.message });
  });

const changes = z.strictObject({ ...milestone, cap: Cap.nullable(), audience: Audience.nullable() }).partial().shape;

const Version = z.number().int().min(1).max(2_000_000_000).meta({
  description: 'The version that was seen; another one by now is 409 `milestone/changed`. `If-Match` says it too.',
});

export const MilestoneChanges = z.strictObject({ ...changes, version: Version.optional() });

export const MilestonePreview = z
  .strictObject({ ...changes, id: Id.optional() })
  .meta({ description: 'The body of a new milestone, or with `id` that of a change. `past` is `grant` unless said.' });

export const MilestoneAnswer = z
  .object({
    id: z.uuid(),
    ...milestone,
    cap: Cap.nullable(),
    audience: AnsweredAudience.nullable(),
    version: z.number().int(),
    pastRun: z
      .object({ state: z.enum(['running', 'done', 'stopped']), granted: z.number().int(), capped: z.number().int() })
      .nullable()
      .meta({
        description: 'How far this version has been granted to those who were past it; null with `past: ignore`.',
      }),
    createdAt: AnsweredInstant,
    changedAt: AnsweredInstant,
  })
  .meta({ id: 'Milestone' });
export const MilestoneList = listOf(MilestoneAnswer);

export const VersionList = listOf(
  z.object({
    version: z.number().int(),
    rule: z.object({ ...milestone, cap: Cap.nullable(), audience: AnsweredAudience.nullable() }),
    actor: z.string().meta({ description: '`key:{id of the API key}`, or `operator`.' }),
    at: AnsweredInstant,
  }),
);

const Money = z.object({ amount: z.number().int(), currency: z.string() });
export const PreviewAnswer = z.object({
  grants: z.number().int().meta({ description: 'Grants with a reward.' }),
  capped: z.number().int().meta({ description: 'Grants above the cap, without one.' }),
  people: z.number().int().meta({ description: 'Readers who get at least one reward.' }),
  cost: z.array(Money).meta({ description: 'What the rewards are worth, one sum for each currency.' }),
  sample: z.array(
    z.object({
      subscriber: z.object({ id: z.uuid(), email: z.string().nullable(), firstName: z.string().nullable() }),
      occurrence: z.string(),
      count: z.number().int().nullable(),
    }),
  ),
});
