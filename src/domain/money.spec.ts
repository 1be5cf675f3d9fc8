import { describe, expect, test } from 'vitest';
import { isCurrency, moneyText, moneyTyped } from './money.js';

describe('a currency', () => {
  test.each(['USD', 'EUR', 'JPY', 'KWD'])('%s is one', (code) => expect(isCurrency(code)).toBe(true));
  test.each(['usd', 'US', 'DOLLAR', '', 'ZZZ', '123'])('%j is none', (code) => expect(isCurrency(code)).toBe(false));
});

test.each([
  [{ amount: 4900, currency: 'USD' }, '49.00 USD'],
  [{ amount: 5, currency: 'EUR' }, '0.05 EUR'],
  [{ amount: 4900, currency: 'JPY' }, '4900 JPY'],
  [{ amount: 1234, currency: 'KWD' }, '1.234 KWD'],
  [{ amount: 0, currency: 'USD' }, '0.00 USD'],
])('%j reads %s', (money, text) => expect(moneyText(money)).toBe(text));

describe('an amount that somebody typed', () => {
  test.each([
    ['25', 'EUR', 2_500],
    ['25.5', 'USD', 2_550],
    ['25,50', 'EUR', 2_550],
    ['4900', 'JPY', 4_900],
    ['4900.5', 'JPY', null],
    ['25.505', 'EUR', null],
    ['-25', 'EUR', null],
    ['25 EUR', 'EUR', null],
    ['1e3', 'EUR', null],
    ['', 'EUR', null],
    ['9999999999', 'EUR', 999_999_999_900],
  ])('%j in %s is %s', (typed, currency, amount) => {
    expect(moneyTyped(typed, currency)).toEqual(amount === null ? null : { amount, currency });
  });
});
