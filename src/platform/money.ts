import type { Locale } from './templates.js';

/** An amount in words of a language, `$25` or `￥3,000`: from minor units, which each currency has as many of as ISO 4217 says. */
export function sayMoney(locale: Locale, { amount, currency }: { amount: number; currency: string }): string {
  const format = (digits: number) =>
    new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  const digits = minorDigits(currency);
  const whole = amount / 10 ** digits;
  return format(Number.isInteger(whole) ? 0 : digits).format(whole);
}

function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
