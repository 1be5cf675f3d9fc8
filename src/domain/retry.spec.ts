import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailRetryDelay, transportBackoff, UNCERTAIN_RETRY_MS } from './retry.js';

const HOUR = 3_600_000;
const waits = (jitter: number) => [1, 2, 3, 4, 5, 6, 7].map((attempt) => mailRetryDelay(attempt, jitter)) as number[];

describe('mailRetryDelay', () => {
  it.each([
    [1, 0, 60_000],
    [1, 1, 75_000],
    [1, 0.5, 67_500],
    [2, 0, 300_000],
    [4, 0, HOUR],
    [3, 0, HOUR / 4],
    [5, 0, 2 * HOUR],
    [6, 0, 4 * HOUR],
    [7, 0, 8 * HOUR],
    [7, 1, 10 * HOUR],
    [8, 0, 'dead'],
    [9, 1, 'dead'],
  ])('try %i with jitter %f: %s', (attempt, jitter, expected) => {
    expect(mailRetryDelay(attempt, jitter)).toBe(expected);
  });

  it('grows, and outlives a mail server that is away for 6 hours', () => {
    for (const jitter of [0, 0.5, 1]) expect(waits(jitter)).toEqual([...waits(jitter)].sort((a, b) => a - b));
    expect(waits(0).reduce((a, b) => a + b)).toBeGreaterThan(6 * HOUR);
  });

  it('jitter only lengthens, by at most a quarter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, jitter) => {
        const [least, delay] = [mailRetryDelay(attempt, 0), mailRetryDelay(attempt, jitter)] as [number, number];
        expect(delay).toBeGreaterThanOrEqual(least);
        expect(delay).toBeLessThanOrEqual(least * 1.25);
      }),
    );
  });
});

describe('transportBackoff', () => {
  it.each([
    [1, 5_000],
    [2, 10_000],
    [3, 20_000],
    [6, 160_000],
    [7, 300_000],
    [8, 300_000],
    [5000, 300_000],
    [0, 5_000],
  ])('after %i failures: %i ms', (failures, expected) => {
    expect(transportBackoff(failures)).toBe(expected);
  });
});

it('an uncertain mail waits a quarter of an hour', () => {
  expect(UNCERTAIN_RETRY_MS).toBe(HOUR / 4);
});
