import { describe, expect, test } from 'vitest';
import { isCurrency, moneyText } from './money.js';

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
