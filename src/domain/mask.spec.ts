import { expect, it } from 'vitest';
import { initialOf, maskAddress } from './mask.js';

it.each([
  ['ana@posteo.example', 'a…@posteo.example'],
  ['a@posteo.example', 'a…@posteo.example'],
  ['𠮷田@posteo.example', '𠮷…@posteo.example'],
])('%s is shown as %s', (address, masked) => {
  expect(maskAddress(address)).toBe(masked);
  expect(initialOf(address)).toBe([...address][0]);
});
