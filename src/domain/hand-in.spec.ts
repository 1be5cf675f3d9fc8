import { expect, test } from 'vitest';
import { isBusinessAddress } from './hand-in.js';

test.each([
  ['mika@mill-and-stone.example', true],
  ['mika@sales.mill-and-stone.example', true],
  ['mika@gmail.com', false],
  ['mika@outlook.jp', false],
  ['mika@mailinator.com', false],
])('%s is a business contact: %s', (address, is) => {
  expect(isBusinessAddress(address)).toBe(is);
});
