import { expect, it } from 'vitest';
import { takeToken } from './token-bucket.js';

const passed = (perSecond: number, moments: number[]): number => {
  const bucket = { tokens: perSecond, at: 0 };
  return moments.filter((now) => takeToken(bucket, perSecond, now) === 0).length;
};
const every = (ms: number, count: number) => Array.from({ length: count }, (_, n) => n * ms);

it('lets a burst of one second pass, and no more', () => {
  expect(passed(10, every(0, 50))).toBe(10);
});

it('lets an even stream at the rate pass for ever', () => {
  expect(passed(10, every(100, 1_000))).toBe(1_000);
});

it('holds twice the rate down to the rate, and the first burst', () => {
  const through = passed(10, every(50, 1_200)); // a minute
  expect(through).toBeGreaterThanOrEqual(600);
  expect(through).toBeLessThanOrEqual(610);
});

it('says when to come again', () => {
  const bucket = { tokens: 0, at: 1_000 };
  expect(takeToken(bucket, 4, 1_000)).toBe(250);
  expect(takeToken(bucket, 4, 1_250)).toBe(0);
});

it('gives nothing for a clock that was put back', () => {
  const bucket = { tokens: 0, at: 10_000 };
  expect(takeToken(bucket, 10, 0)).toBe(100);
});
