/** An amount in minor units of a currency, as in the API. A sum over currencies is a list with one of each, never converted. */
export interface Money {
  amount: number;
  currency: string;
}

/** The most that one amount may be, in minor units: sums of many stay exact. */
export const MOST_MONEY = 1_000_000_000_000;

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Whether this is a currency of ISO 4217, in capital letters. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** `49.00 USD`, `4900 JPY`: for files that people read. */
export function moneyText(money: Money): string {
  return `${amountText(money)} ${money.currency}`;
}

/** `49.00`, or `4900` of a currency without minor units: as moneyTyped reads it. */
export function amountText({ amount, currency }: Money): string {
  const digits = minorDigits(currency);
  return (amount / 10 ** digits).toFixed(digits);
}

function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** What somebody typed as an amount of a currency, `49` or `49.50`; null where it is none. */
export function moneyTyped(typed: string, currency: string): Money | null {
  const digits = minorDigits(currency);
  const match = /^(\d{1,10})(?:[.,](\d+))?$/.exec(typed.trim());
  if (match === null || (match[2] ?? '').length > digits) return null;
  const amount = Number(`${match[1]}${(match[2] ?? '').padEnd(digits, '0')}`);
  return amount > MOST_MONEY ? null : { amount, currency };
}

/** The sums, one for each currency, in the order of their codes. */
export function addMoney(amounts: readonly Money[]): Money[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of amounts) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums]
    .map(([currency, amount]) => ({ amount, currency }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
