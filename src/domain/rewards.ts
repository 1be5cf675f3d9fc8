import { registrableDomainOf } from './email.js';
import { isFreeMail } from './mail-providers.js';
import type { Money } from './money.js';

export type RewardKind =
  'link' | 'coupon' | 'gift_card' | 'credit' | 'discount' | 'physical' | 'access' | 'entry' | 'custom';
export type Unit = 'money' | 'percent' | 'month' | 'piece';
export type CeilingPer = 'month' | 'year' | 'ever';

/** What a reward gives, in words of its kind; those of another kind are absent. Kept with the reward as it was told. */
export interface RewardTerms {
  /** Of a link: its address is not shown, a signed link that ends leads to it. */
  protected?: boolean;
  /** What one is worth: of gift cards and credit that is what is given, of other kinds what it costs the publication. */
  value?: Money;
  /** The worth by a fact about the referred person; `plan` is the plan of their first purchase. */
  valueBy?: { attribute: string; table: Record<string, Money> };
  /** The worth by seats that the referred person took. */
  perUnit?: { unit: 'seats'; value: Money };
  percent?: number;
  /** At most so much in one period, the rest moves on: percent of a discount, or percent of the bill named by `ceilingOf`. */
  ceilingPercent?: number;
  /** The attribute of the recipient that holds their own bill, in minor units. */
  ceilingOf?: string;
  ceilingPer?: CeilingPer;
  account?: 'person' | 'company';
  variants?: string[];
  /** Of a gift card: out of a pool of codes, or ordered by the publication's own system, which hears of it by webhook. */
  fulfilment?: 'pool' | 'webhook';
  /** Of an access: how long it lasts; absent: for good. */
  months?: number;
}

/** What is to be known of two people to say what a grant is worth. */
export interface WorthFacts {
  /** Facts about the referred person; plan and seats are those of their first purchase, if there is one. */
  referred: Readonly<Record<string, unknown>>;
  recipient: { email: string | null; attributes: Readonly<Record<string, unknown>> };
}

/** What one grant gives. It is written on the grant when it is owed, so that a change of the reward never changes it. */
export interface Worth {
  value: Money | null;
  percent: number | null;
  /** Whose account it is for; null: the person's own. */
  company: string | null;
  ceiling: { quantity: number; per: CeilingPer } | null;
  /** What the ledger says of it. */
  entry: { unit: Unit; quantity: number; currency: string | null };
}

/** Why nobody can say what a grant is worth. */
export type WorthProblem = 'value_unknown' | 'company_unknown' | 'bill_unknown';

interface Kind {
  /** A grant waits for the address that the reader gives. */
  asksAddress: boolean;
  /** Whether each grant takes a code of its own out of the reward's pool. */
  hasPool(reward: RewardLike): boolean;
  /** What one grant enters into the ledger. */
  entry(terms: RewardTerms, value: Money | null): Worth['entry'];
}

/** As much of a reward as its rules read. */
export interface RewardLike {
  kind: RewardKind;
  code: string | null;
  terms: RewardTerms;
}

const never = () => false;
const piece: Kind['entry'] = () => ({ unit: 'piece', quantity: 1, currency: null });
const money: Kind['entry'] = (_, value) => ({
  unit: 'money',
  quantity: value?.amount ?? 0,
  currency: value?.currency ?? null,
});

/** The kinds of rewards. */
export const REWARD_KINDS: Record<RewardKind, Kind> = {
  link: { asksAddress: false, hasPool: never, entry: piece },
  coupon: { asksAddress: false, hasPool: ({ code }) => code === null, entry: piece },
  gift_card: { asksAddress: false, hasPool: ({ terms }) => terms.fulfilment !== 'webhook', entry: money },
  credit: { asksAddress: false, hasPool: never, entry: money },
  discount: {
    asksAddress: false,
    hasPool: never,
    entry: ({ percent = 0 }) => ({ unit: 'percent', quantity: percent, currency: null }),
  },
  physical: { asksAddress: true, hasPool: never, entry: piece },
  access: {
    asksAddress: false,
    hasPool: never,
    entry: ({ months }, value) =>
      months === undefined ? piece({}, value) : { unit: 'month', quantity: months, currency: null },
  },
  entry: { asksAddress: false, hasPool: never, entry: piece },
  custom: { asksAddress: false, hasPool: never, entry: piece },
};

/** Whether each grant of this reward takes a code of its own out of a pool. */
export function hasPool(reward: RewardLike): boolean {
  return REWARD_KINDS[reward.kind].hasPool(reward);
}

/** Whether the worth of a grant hangs on facts about people, which then have to be read. */
export function needsFacts({ terms }: RewardLike): boolean {
  return (
    terms.valueBy !== undefined ||
    terms.perUnit !== undefined ||
    terms.ceilingOf !== undefined ||
    terms.account === 'company'
  );
}

/**
 * What a grant gives. A value by plan or seats that nobody knows yet is no value of 0: the grant then waits for a person.
 * @param decided a value that a person has set for this grant
 */
export function worthOf(reward: RewardLike, facts: WorthFacts, decided: Money | null = null): Worth | WorthProblem {
  const { terms } = reward;
  const value = decided ?? valueOf(terms, facts);
  if (value === 'value_unknown') return value;
  const company = terms.account === 'company' ? companyOf(facts.recipient) : null;
  if (terms.account === 'company' && company === null) return 'company_unknown';
  const ceiling = ceilingOf(terms, facts);
  if (ceiling === 'bill_unknown') return ceiling;
  const entry = REWARD_KINDS[reward.kind].entry(terms, value);
  return { value, percent: terms.percent ?? null, company, ceiling, entry };
}

function valueOf({ value, valueBy, perUnit }: RewardTerms, { referred }: WorthFacts): Money | null | 'value_unknown' {
  if (valueBy !== undefined) {
    const fact = referred[valueBy.attribute];
    const key = typeof fact === 'string' || typeof fact === 'number' || typeof fact === 'boolean' ? String(fact) : null;
    const found = key !== null && Object.hasOwn(valueBy.table, key) ? valueBy.table[key] : undefined;
    return found ?? 'value_unknown';
  }
  if (perUnit !== undefined) {
    const units = wholeNumber(referred[perUnit.unit], MOST_UNITS);
    if (units === null || units === 0) return 'value_unknown';
    return { amount: units * perUnit.value.amount, currency: perUnit.value.currency };
  }
  return value ?? null;
}

/** Seats of one purchase; with the largest value of one it stays an exact number. */
const MOST_UNITS = 1_000_000;
/** Of a bill, in minor units. */
const MOST_BILL = 1_000_000_000_000;

function ceilingOf(terms: RewardTerms, { recipient }: WorthFacts): Worth['ceiling'] | 'bill_unknown' {
  const { ceilingPercent, ceilingPer: per = 'ever' } = terms;
  if (ceilingPercent === undefined) return null;
  if (terms.ceilingOf === undefined) return { quantity: ceilingPercent, per };
  const bill = wholeNumber(recipient.attributes[terms.ceilingOf], MOST_BILL);
  // Down: at 100 % not a cent more than the bill.
  return bill === null ? 'bill_unknown' : { quantity: Math.floor((bill * ceilingPercent) / 100), per };
}

/** Their company by name where it is known, else by the domain of an address that is no free mail's. */
function companyOf({ email, attributes }: WorthFacts['recipient']): string | null {
  const { company } = attributes;
  if (typeof company === 'string' && company.trim() !== '') return company.trim();
  const domain = email?.split('@').at(-1)?.toLowerCase();
  return domain === undefined || isFreeMail(domain) ? null : registrableDomainOf(domain);
}

/** A count that came as a number or as text, as imports bring it; null when it is none. */
function wholeNumber(fact: unknown, most: number): number | null {
  if (typeof fact !== 'number' && !(typeof fact === 'string' && /^\d{1,15}$/.test(fact))) return null;
  const number = Number(fact);
  return Number.isInteger(number) && number >= 0 && number <= most ? number : null;
}
