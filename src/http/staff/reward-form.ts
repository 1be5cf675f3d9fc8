import { z } from 'zod';
import { amountText, isCurrency, type Money, moneyTyped } from '../../domain/money.js';
import type { RewardKind, RewardTerms } from '../../domain/rewards.js';
import type { RewardBody } from '../../flows/change-reward.js';
import { Typed, wholeTyped } from './form.js';
import type { RewardField, RewardView } from './reward-views.js';

export const RewardForm = z.object({
  name: Typed,
  description: Typed,
  url: Typed,
  protected: Typed,
  code: Typed,
  worth: Typed,
  amount: Typed,
  currency: Typed,
  attribute: Typed,
  table: Typed,
  percent: Typed,
  ceilingPercent: Typed,
  ceilingOf: Typed,
  ceilingPer: Typed,
  account: Typed,
  variants: Typed,
  fulfilment: Typed,
  months: Typed,
});
export type RewardForm = z.infer<typeof RewardForm>;

const FIELDS = Object.keys(RewardForm.shape) as RewardField[];
const COST: RewardField[] = ['amount', 'currency'];
const VALUED: RewardField[] = ['worth', ...COST, 'attribute', 'table'];
/** What each kind asks beside its name and description. */
const OF_KIND: Record<RewardKind, RewardField[]> = {
  link: ['url', 'protected', ...COST],
  coupon: ['code', 'url', ...COST],
  gift_card: [...VALUED, 'fulfilment', 'url'],
  credit: [...VALUED, 'ceilingPercent', 'ceilingOf', 'ceilingPer', 'account'],
  discount: ['percent', 'ceilingPercent', 'ceilingPer'],
  physical: ['variants', ...COST],
  access: ['months', 'url', ...COST],
  entry: [],
  custom: COST,
};
/** What stays as it was made. */
const FOR_GOOD: RewardField[] = ['account', 'fulfilment'];

const each = <Value>(value: (field: RewardField) => Value) =>
  Object.fromEntries(FIELDS.map((field) => [field, value(field)])) as Record<RewardField, Value>;

export const FINE: RewardView['problems'] = each(() => null);

/** @param isNew what cannot be changed is asked of a new one alone */
export function asksOf(kind: RewardKind, isNew: boolean): RewardView['asks'] {
  const asked: RewardField[] = ['name', 'description', ...OF_KIND[kind]];
  return each((field) => asked.includes(field) && (isNew || !FOR_GOOD.includes(field)));
}

export function worthsOf(kind: RewardKind): RewardView['worths'] {
  if (kind === 'gift_card') return ['fixed', 'by'];
  return kind === 'credit' ? ['fixed', 'by', 'seats'] : [];
}

export function emptyReward(kind: RewardKind): RewardForm {
  const ceilingPer = kind === 'discount' ? 'month' : 'year';
  return { ...each(() => ''), worth: 'fixed', ceilingPer, account: 'person', fulfilment: 'pool', attribute: 'plan' };
}

/** A reward as its form shows it. */
export function rewardFields({ kind, name, description, url, code, terms }: RewardBody): RewardForm {
  return {
    ...emptyReward(kind),
    ...{ name, description: description ?? '', url: url ?? '', code: code ?? '' },
    ...worthFields(terms),
    ...ceilingFields(kind, terms),
    protected: terms.protected === true ? 'on' : '',
    percent: numberText(terms.percent),
    account: terms.account ?? 'person',
    fulfilment: terms.fulfilment ?? 'pool',
    variants: (terms.variants ?? []).join('\n'),
    months: numberText(terms.months),
  };
}

function worthFields({ valueBy, perUnit, value = perUnit?.value }: RewardTerms) {
  const lines = Object.entries(valueBy?.table ?? {});
  return {
    worth: valueBy !== undefined ? 'by' : perUnit !== undefined ? 'seats' : 'fixed',
    amount: value === undefined ? '' : amountText(value),
    currency: value?.currency ?? lines[0]?.[1].currency ?? '',
    attribute: valueBy?.attribute ?? 'plan',
    table: lines.map(([key, worth]) => `${key} ${amountText(worth)}`).join('\n'),
  };
}

function ceilingFields(kind: RewardKind, { ceilingPercent, ceilingOf, ceilingPer }: RewardTerms) {
  return {
    ceilingPercent: numberText(ceilingPercent),
    ceilingOf: ceilingOf ?? '',
    ceilingPer: ceilingPer ?? emptyReward(kind).ceilingPer,
  };
}

function numberText(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}

/**
 * What the form says, as the API would be told it.
 * @param before what it was, of which some cannot be changed; null of a new one
 */
export function rewardTyped(kind: RewardKind, form: RewardForm, before: RewardBody | null): object {
  const asked = asksOf(kind, before === null);
  const or = (field: RewardField, value: unknown) => (asked[field] && form[field] !== '' ? value : undefined);
  const { terms } = before ?? { terms: null };
  const told = {
    kind,
    name: form.name,
    description: form.description || null,
    url: or('url', form.url),
    protected: or('protected', true),
    code: or('code', form.code),
    ...(asked.worth ? worthTyped(form) : asked.amount ? { value: costTyped(form) } : {}),
    percent: or('percent', wholeTyped(form.percent)),
    ceilingPercent: or('ceilingPercent', wholeTyped(form.ceilingPercent)),
    ceilingOf: or('ceilingOf', form.ceilingOf),
    ceilingPer: form.ceilingPercent === '' ? undefined : or('ceilingPer', form.ceilingPer),
    account: terms === null ? or('account', form.account) : terms.account,
    fulfilment: terms === null ? or('fulfilment', form.fulfilment) : terms.fulfilment,
    variants: or('variants', linesOf(form.variants)),
    months: or('months', wholeTyped(form.months)),
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

function worthTyped(form: RewardForm): object {
  if (form.worth === 'by') return { valueBy: { attribute: form.attribute, table: tableTyped(form) } };
  return form.worth === 'seats'
    ? { perUnit: { unit: 'seats', value: amountTyped(form.amount, form.currency) } }
    : { value: amountTyped(form.amount, form.currency) };
}

/** What one costs the publication may be left open. */
function costTyped({ amount, currency }: RewardForm): Money | undefined {
  return amount === '' ? undefined : amountTyped(amount, currency);
}

/** What is no amount stays one that the schema refuses. */
function amountTyped(amount: string, typed: string): Money {
  const currency = typed.toUpperCase();
  return (isCurrency(currency) ? moneyTyped(amount, currency) : null) ?? { amount: Number.NaN, currency };
}

/** Lines such as `starter 25`: the last word is the amount. */
function tableTyped({ table, currency }: RewardForm): Record<string, Money> {
  const lines = linesOf(table).map((text) => /^(.*?)\s+(\S+)$/.exec(text) ?? [text, text, '']);
  return Object.fromEntries(lines.map(([, key, amount]) => [key!, amountTyped(amount!, currency)]));
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** What is wrong, by the field of the form that it is about. */
export function rewardProblems(issues: readonly { path: readonly PropertyKey[] }[]): RewardView['problems'] {
  const problems = { ...FINE };
  for (const { path } of issues) {
    const field = fieldOf(path);
    problems[field] = `problem.reward.${field}`;
  }
  return problems;
}

function fieldOf([first, second]: readonly PropertyKey[]): RewardField {
  if (first === 'value' || first === 'perUnit') return 'amount';
  if (first === 'valueBy') return second === 'attribute' ? 'attribute' : 'table';
  return FIELDS.find((field) => field === first) ?? 'name';
}
