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
export function moneyText({ amount, currency }: Money): string {
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  return `${(amount / 10 ** maximumFractionDigits).toFixed(maximumFractionDigits)} ${currency}`;
}
