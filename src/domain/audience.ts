/** What is known of a reader: their attributes, and what the product itself knows, such as `plan` and `nps`. */
type Facts = Readonly<Record<string, unknown>>;

export type Fact = string | number | boolean;

/** One thing asked of one attribute. Exactly one question is asked. */
export type Condition = { attribute: string } & (
  { is: Fact } | { in: Fact[] } | { not: Fact } | { atLeast: number } | { atMost: number } | { exists: boolean }
);

/** Whom something is for: who meets all conditions. */
export type Audience = { all: Condition[] };

/** The names of the questions, for schemas. */
export const QUESTIONS = ['is', 'in', 'not', 'atLeast', 'atMost', 'exists'] as const;

/**
 * Whether somebody belongs to an audience; null is everybody.
 *
 * A fact that came from a CSV file is text, so that 10, "10" and " 10.0 " are the same number, and texts are the same without
 * regard to case. Of somebody of whom nothing is known only `not` and `exists: false` are true.
 */
export function isIn(audience: Audience | null, facts: Facts): boolean {
  return audience === null || audience.all.every((condition) => meets(condition, known(facts, condition.attribute)));
}

/** Attributes are the publisher's own words: one called `constructor` is no method. */
function known(facts: Facts, attribute: string): Fact | null {
  const value = Object.hasOwn(facts, attribute) ? facts[attribute] : null;
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function meets(condition: Condition, fact: Fact | null): boolean {
  if ('exists' in condition) return condition.exists === (fact !== null);
  if ('not' in condition) return fact === null || !isSame(fact, condition.not);
  if (fact === null) return false;
  if ('is' in condition) return isSame(fact, condition.is);
  if ('in' in condition) return condition.in.some((value) => isSame(fact, value));
  const number = numberOf(fact);
  if (number === null) return false;
  return 'atLeast' in condition ? number >= condition.atLeast : number <= condition.atMost;
}

function isSame(a: Fact, b: Fact): boolean {
  const [x, y] = [numberOf(a), numberOf(b)];
  return x !== null && y !== null ? x === y : folded(a) === folded(b);
}

function folded(fact: Fact): string {
  return String(fact).trim().normalize('NFKC').toLowerCase();
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** Null for what is no decimal number: `Number` would read "0x10", "1e3" and a blank as one. */
function numberOf(fact: Fact): number | null {
  if (typeof fact === 'number') return Number.isFinite(fact) ? fact : null;
  if (typeof fact === 'boolean') return null;
  const text = folded(fact);
  return NUMBER.test(text) ? Number(text) : null;
}
