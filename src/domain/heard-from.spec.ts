import { expect, test } from 'vitest';
import { agreeing, agreement } from './heard-from.js';

test.each([
  ['friend', 10, 7, 7],
  ['search', 10, 7, 3],
  ['social', 4, 0, 4],
  ['podcast', 0, 0, 0],
  ['other', 10, 7, null],
  ['My aunt Zoe', 1, 1, null],
])('of %s, %d readers, %d of them tracked, %s agree', (answer, readers, tracked, agree) => {
  expect(agreeing({ answer, readers, tracked })).toBe(agree);
});

test('agreement is of those of whom it can be said', () => {
  const rows = [
    { answer: 'friend', readers: 10, tracked: 7 },
    { answer: 'search', readers: 10, tracked: 0 },
    { answer: 'other', readers: 100, tracked: 50 },
  ];
  expect(agreement(rows)).toBe(17 / 20);
  expect(agreement(rows.slice(2))).toBeNull();
  expect(agreement([])).toBeNull();
});
