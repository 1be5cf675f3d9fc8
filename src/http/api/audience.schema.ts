import { z } from 'zod';
import { type Condition as ConditionRule, QUESTIONS } from '../../domain/audience.js';
import { line } from './fields.js';

const Fact = z.union(
  [z.string().max(1_000, 'must have at most 1000 characters'), z.number(), z.boolean()],
  'must be a text, a number, true or false',
);

const Condition = z
  .strictObject({
    attribute: line(64).meta({ example: 'plan' }),
    is: Fact.optional(),
    in: z.array(Fact).min(1, 'must not be empty').max(200, 'must have at most 200 values').optional(),
    not: Fact.optional().meta({ description: 'Also true of who has no such attribute.' }),
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
    exists: z.boolean().optional(),
  })
  .refine((condition) => QUESTIONS.filter((question) => condition[question] !== undefined).length === 1, {
    error: `must ask exactly one of ${QUESTIONS.join(', ')}`,
  })
  .transform((condition) => {
    const asked = QUESTIONS.find((question) => condition[question] !== undefined)!;
    return { attribute: condition.attribute, [asked]: condition[asked] } as ConditionRule;
  });

/** Whom a milestone or a program is for, by attributes: who meets all conditions. */
export const Audience = z
  .strictObject({
    all: z.array(Condition).min(1, 'must not be empty').max(20, 'must have at most 20 conditions'),
  })
  .meta({
    description:
      'Readers who meet all conditions. Texts are compared without regard to case, and a text that is a number is that number.',
    example: {
      all: [
        { attribute: 'plan', in: ['pro', 'team'] },
        { attribute: 'nps', atLeast: 9 },
      ],
    },
  });

/** As it is answered. */
export const AnsweredAudience = z.object({
  all: z.array(
    z.object({
      attribute: z.string(),
      is: z.unknown().optional(),
      in: z.array(z.unknown()).optional(),
      not: z.unknown().optional(),
      atLeast: z.number().optional(),
      atMost: z.number().optional(),
      exists: z.boolean().optional(),
    }),
  ),
});
