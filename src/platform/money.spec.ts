import { expect, test } from 'vitest';
import { sayMoney } from './money.js';

test.each([
  ['en', 2_500, 'USD', '$25'],
  ['en', 2_550, 'USD', '$25.50'],
  ['ja', 2_500, 'USD', '$25'],
  ['ja', 3_000, 'JPY', '￥3,000'],
  ['en', 3_000, 'JPY', '¥3,000'],
  ['en', 1_234_500, 'KWD', 'KWD 1,234.500'],
  ['en', 100_000, 'EUR', '€1,000'],
] as const)('in %s, %i minor units of %s are %s', (locale, amount, currency, said) => {
  expect(sayMoney(locale, { amount, currency }).replace(/\u00a0/g, ' ')).toBe(said);
});
