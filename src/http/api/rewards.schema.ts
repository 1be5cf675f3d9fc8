import { z } from 'zod';
import type { RewardTerms } from '../../domain/rewards.js';
import type { Reward } from '../../milestones/reward.entities.js';
import { AnsweredInstant, AnsweredMoney, line, MoneyField, paragraph, WebUrl } from './fields.js';

/** So that as many of one as there are seats in a company is still an exact number. */
const MOST_EACH = 1_000_000_000;

/** What one reward is worth. */
export const RewardValue = MoneyField.refine(({ amount }) => amount >= 1 && amount <= MOST_EACH, {
  error: `must be 1 to ${MOST_EACH} minor units`,
  path: ['amount'],
});
const Percent = z.number().int().min(1).max(10_000);
const AttributeName = line(64);
const ValueBy = z.strictObject({
  attribute: AttributeName.meta({ description: 'Of the referred person; `plan` is the plan of their first purchase.' }),
  table: z
    .record(z.string().max(100, 'a key has at most 100 characters'), RewardValue)
    .refine((table) => Object.keys(table).length > 0, 'must not be empty')
    .refine((table) => Object.keys(table).length <= 100, 'must have at most 100 lines'),
});
const PerUnit = z.strictObject({ unit: z.literal('seats'), value: RewardValue });
const CeilingPer = z.enum(['month', 'year', 'ever']);
const Variants = z
  .array(line(60))
  .min(1, 'must not be empty')
  .max(20, 'must have at most 20')
  .refine((names) => new Set(names).size === names.length, 'must not name one twice');
const Months = z.number().int().min(1).max(120);

const description = paragraph(1_000).nullish();
const common = { name: line(120), description };
const cost = {
  value: RewardValue.nullish().meta({ description: 'What one costs the publication, for previews and reports.' }),
};
const usedAt = WebUrl.nullish().meta({ description: 'Where it is used.' });

type Issues = { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void };
interface Valued {
  value?: unknown;
  valueBy?: unknown;
  perUnit?: unknown;
}

function exactlyOne(told: Valued, context: Issues): void {
  const ways = (['value', 'valueBy', 'perUnit'] as const).filter((way) => told[way] != null);
  if (ways.length === 1) return;
  const message = ways.length === 0 ? 'is missing: what it is worth' : `cannot be beside ${ways[0]}`;
  context.addIssue({ code: 'custom', path: [ways[1] ?? 'value'], message });
}

function missing(path: string, beside: string, context: Issues): void {
  context.addIssue({ code: 'custom', path: [path], message: `is missing beside ${beside}` });
}

const Credit = z
  .strictObject({
    kind: z.literal('credit'),
    ...common,
    value: RewardValue.nullish(),
    valueBy: ValueBy.nullish(),
    perUnit: PerUnit.nullish(),
    ceilingPercent: Percent.nullish().meta({
      description: 'At most so many percent of the bill are used in one `ceilingPer`.',
    }),
    ceilingOf: AttributeName.nullish().meta({
      description: 'The attribute of who gets it that holds their own bill, in minor units.',
    }),
    ceilingPer: CeilingPer.nullish().meta({ description: 'year unless said' }),
    account: z.enum(['person', 'company']).nullish().meta({ description: 'person unless said' }),
  })
  .superRefine((told, context) => {
    exactlyOne(told, context);
    if (told.ceilingPercent != null && told.ceilingOf == null) missing('ceilingOf', 'ceilingPercent', context);
    if (told.ceilingPercent == null && told.ceilingOf != null) missing('ceilingPercent', 'ceilingOf', context);
    if (told.ceilingPercent == null && told.ceilingPer != null) missing('ceilingPercent', 'ceilingPer', context);
  });

const Discount = z
  .strictObject({
    kind: z.literal('discount'),
    ...common,
    percent: Percent,
    ceilingPercent: Percent.nullish().meta({
      description: 'At most so many percent are used in one `ceilingPer`, the rest moves on.',
    }),
    ceilingPer: CeilingPer.nullish().meta({ description: 'month unless said' }),
  })
  .superRefine((told, context) => {
    if (told.ceilingPercent == null && told.ceilingPer != null) missing('ceilingPercent', 'ceilingPer', context);
  });

const GiftCard = z
  .strictObject({
    kind: z.literal('gift_card'),
    ...common,
    value: RewardValue.nullish(),
    valueBy: ValueBy.nullish(),
    url: usedAt,
    fulfilment: z.enum(['pool', 'webhook']).nullish().meta({
      description:
        'pool unless said: each takes a code of its value. webhook: your own system orders it when it hears grant.sent, and posts to /grants/{id}/fulfil.',
    }),
  })
  .superRefine(exactlyOne);

export const NewReward = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('link'),
    ...common,
    url: WebUrl,
    protected: z
      .boolean()
      .nullish()
      .meta({ description: 'The address is not shown: readers get a signed link that ends.' }),
    ...cost,
  }),
  z.strictObject({
    kind: z.literal('coupon'),
    ...common,
    code: line(100).nullish().meta({ description: 'One code for everybody; without it a pool is filled with codes.' }),
    url: usedAt,
    ...cost,
  }),
  GiftCard,
  Credit,
  Discount,
  z.strictObject({ kind: z.literal('physical'), ...common, variants: Variants.nullish(), ...cost }),
  z.strictObject({
    kind: z.literal('access'),
    ...common,
    months: Months.nullish().meta({ description: 'How long it lasts; for good unless said.' }),
    url: usedAt,
    ...cost,
  }),
  z.strictObject({ kind: z.literal('entry'), ...common }),
  z.strictObject({ kind: z.literal('custom'), ...common, ...cost }),
]);

/** null takes away what may be absent. What is not here cannot be changed: the kind, whose account it is for, where its codes come from. */
export const RewardChanges = z.strictObject({
  name: line(120).optional(),
  description: paragraph(1_000).nullable().optional(),
  url: WebUrl.nullable().optional(),
  protected: z.boolean().nullable().optional(),
  code: line(100).optional().meta({ description: 'Of a coupon that has one code for everybody.' }),
  value: RewardValue.nullable().optional(),
  valueBy: ValueBy.nullable().optional(),
  perUnit: PerUnit.nullable().optional(),
  percent: Percent.optional(),
  ceilingPercent: Percent.nullable().optional(),
  ceilingOf: AttributeName.nullable().optional(),
  ceilingPer: CeilingPer.nullable().optional(),
  variants: Variants.nullable().optional(),
  months: Months.nullable().optional(),
});

/** What is kept of a reward as it was told; defaults are spelled out. */
export function columnsOf(
  told: z.infer<typeof NewReward>,
): Pick<Reward, 'kind' | 'name' | 'url' | 'code' | 'description' | 'terms'> {
  const { kind, name, description: words, ...rest } = told;
  const { url, code, ...terms } = rest as typeof rest & { url?: string | null; code?: string | null };
  const stated = Object.fromEntries(
    Object.entries(terms).filter(([, value]) => value !== null && value !== undefined),
  ) as RewardTerms;
  if (stated.ceilingPercent !== undefined) stated.ceilingPer ??= kind === 'discount' ? 'month' : 'year';
  return { kind, name, description: words ?? null, url: url ?? null, code: code ?? null, terms: stated };
}

/** A reward as it would be told anew with some of it changed, to be read by NewReward. */
export function toldWith(
  { kind, name, url, code, description: words, terms }: Reward,
  changes: z.infer<typeof RewardChanges>,
): object {
  const told = { kind, name, url, code, description: words, ...terms, ...changes };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null));
}

export const RewardAnswer = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: z.enum(['link', 'coupon', 'gift_card', 'credit', 'discount', 'physical', 'access', 'entry', 'custom']),
    url: z.string().nullable(),
    protected: z.boolean().nullable(),
    code: z.string().nullable(),
    description: z.string().nullable(),
    value: AnsweredMoney.nullable(),
    valueBy: ValueBy.nullable(),
    perUnit: PerUnit.nullable(),
    percent: z.number().int().nullable(),
    ceilingPercent: z.number().int().nullable(),
    ceilingOf: z.string().nullable(),
    ceilingPer: CeilingPer.nullable(),
    account: z.enum(['person', 'company']).nullable(),
    variants: z.array(z.string()).nullable(),
    fulfilment: z.enum(['pool', 'webhook']).nullable(),
    months: z.number().int().nullable(),
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'Reward' });

const Stock = { total: z.number().int(), free: z.number().int() };
export const RewardWithStock = RewardAnswer.extend({
  stock: z
    .object({
      ...Stock,
      values: z
        .array(z.object({ value: AnsweredMoney, ...Stock }))
        .meta({ description: 'Of gift cards, by what they are worth.' }),
    })
    .nullable(),
}).meta({ id: 'RewardWithStock' });

/** A reward as the API tells it. */
export function rewardAnswer({ id, name, kind, url, code, description: words, terms, createdAt }: Reward) {
  return {
    ...{ id, name, kind, url, code, description: words, createdAt },
    protected: terms.protected ?? null,
    value: terms.value ?? null,
    valueBy: terms.valueBy ?? null,
    perUnit: terms.perUnit ?? null,
    percent: terms.percent ?? null,
    ceilingPercent: terms.ceilingPercent ?? null,
    ceilingOf: terms.ceilingOf ?? null,
    ceilingPer: terms.ceilingPer ?? null,
    account: terms.account ?? null,
    variants: terms.variants ?? null,
    fulfilment: terms.fulfilment ?? null,
    months: terms.months ?? null,
  };
}
