import { z } from 'zod';
import { HEALTHY_ABOVE } from '../../domain/economics.js';
import { isCurrency, MOST_MONEY } from '../../domain/money.js';
import { AnsweredMoney, MoneyField, Slug } from './fields.js';

/** Digits only: an empty text would be coerced to 0. */
const whole = (most: number, description: string) =>
  z
    .string('must be given')
    .regex(/^\d{1,13}$/, 'must be a whole number')
    .transform(Number)
    .refine((number) => number <= most, `must be at most ${most}`)
    .meta({ description });
const amount = (description: string) => whole(MOST_MONEY, description);

export const EconomicsQuery = z.strictObject({
  arr: amount('Average yearly revenue of a customer, in minor units.'),
  lifetimeYears: z.coerce.number().positive().max(100).meta({ description: 'How long an average customer stays.' }),
  yearlyCost: amount('Sales and marketing in a year, in minor units.'),
  customersWon: whole(1_000_000_000, 'Customers won by that in the year.'),
  currency: z.string().refine(isCurrency, 'must be a currency of ISO 4217 such as USD'),
});

export const FORMULA = {
  ltv: 'arr × lifetimeYears',
  cac: 'yearlyCost / customersWon',
  ratio: 'ltv / cac',
  healthy: `ratio > ${HEALTHY_ABOVE}`,
};

const costOfCustomer = {
  cac: AnsweredMoney.nullable().meta({ description: 'Null where no customer was won.' }),
  ratio: z
    .number()
    .nullable()
    .meta({ description: '`ltv` / `cac`, to 2 places; null where there is no `cac` or it is 0.' }),
  healthy: z
    .boolean()
    .nullable()
    .meta({ description: `Whether \`ratio\` is above ${HEALTHY_ABOVE}.` }),
};

export const EconomicsAnswer = z
  .object({
    ltv: AnsweredMoney.meta({ description: 'Lifetime value: `arr` × `lifetimeYears`.' }),
    ...costOfCustomer,
    formula: z.record(z.string(), z.string()),
    referrals: z.object({ rewardCost: AnsweredMoney, customers: z.number().int(), ...costOfCustomer }).meta({
      description:
        'The last 365 days of this publication: money of rewards by the ledger, in this currency only; customers are referrals that count and reached `purchased` in them.',
    }),
    forecast: z
      .object({ rewardCost: AnsweredMoney, customers: z.number().int(), ...costOfCustomer })
      .meta({ description: 'A year at the pace of the last 90 days.' }),
  })
  .meta({ id: 'Economics' });

export const DraftLadder = z.strictObject({
  program: Slug.default('default').meta({ description: 'Whose referrals of the last 90 days are taken.' }),
  milestones: z
    .array(
      z.strictObject({
        stage: z.string().max(64).default('verified'),
        threshold: z.number().int().min(1).max(1_000_000),
        every: z.number().int().min(1).max(1_000_000).nullable().default(null),
        recipient: z.enum(['referrer', 'referred']).default('referrer'),
        value: MoneyField.meta({ description: 'What one grant costs.' }),
      }),
    )
    .min(1)
    .max(50),
});

const range = <Part extends z.ZodType>(part: Part) => z.object({ low: part, likely: part, high: part });

export const ForecastAnswer = z
  .object({
    days: z.number().int(),
    leads: z
      .number()
      .int()
      .meta({ description: 'Referrals of the publication that were verified in those days and count.' }),
    grants: range(z.number().int()),
    cost: range(z.array(AnsweredMoney)).meta({
      description:
        '`likely`: the milestones crossed in those days, counts going on from where they were. `low` and `high`: 90 days at the pace of the cheapest and of the dearest 30 of them. Without caps, audiences and corrections of counts.',
    }),
    costPerLead: range(z.array(AnsweredMoney)).meta({ description: '`cost` / `leads`; empty without leads.' }),
  })
  .meta({ id: 'RewardForecast' });
