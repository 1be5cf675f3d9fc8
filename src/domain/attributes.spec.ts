import { expect, test } from 'vitest';
import { mergeAttributes, MOST_ATTRIBUTES } from './attributes.js';

test.each([
  [{}, { company: 'Acme' }, { company: 'Acme' }],
  [{ company: 'Acme', role: 'Baker' }, { role: 'Miller' }, { company: 'Acme', role: 'Miller' }],
  [{ company: 'Acme', role: 'Baker' }, { role: null }, { company: 'Acme' }],
  [{ seats: 3 }, { seats: 0, paid: false, plan: '' }, { seats: 0, paid: false, plan: '' }],
  [{ company: 'Acme' }, {}, { company: 'Acme' }],
])('%j with %j is %j', (known, told, merged) => {
  expect(mergeAttributes(known, told)).toEqual(merged);
});

test('more than a reader may have are refused, but not when some are taken away', () => {
  const many = (from: number) =>
    Object.fromEntries(Array.from({ length: MOST_ATTRIBUTES }, (_, n) => [`fact ${from + n}`, n]));
  expect(Object.keys(mergeAttributes(many(0), many(0)))).toHaveLength(MOST_ATTRIBUTES);
  expect(() => mergeAttributes(many(0), { another: 1 })).toThrow('attributes');
  expect(mergeAttributes(many(0), { another: 1, 'fact 0': null })).toHaveProperty('another', 1);
});
