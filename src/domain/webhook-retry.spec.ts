import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOffAfter, judgeTry, retryAfterMs, type WebhookAnswer } from './webhook-retry.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const now = new Date('2026-11-21T09:00:00Z');
const status = (code: number, retryAfter: string | null = null): WebhookAnswer => ({ status: code, retryAfter });
const judge = (answer: WebhookAnswer | null, tries = 1, jitter = 0) => judgeTry(answer, tries, jitter, now);

describe('judgeTry', () => {
  it.each([200, 201, 202, 204, 299])('%i is a success', (code) => {
    expect(judge(status(code))).toEqual({ act: 'delivered' });
    expect(judge(status(code), 10)).toEqual({ act: 'delivered' });
  });

  it('410 wants no more, at once', () => {
    expect(judge(status(410))).toEqual({ act: 'gone' });
  });

  it.each([
    [1, 5 * SECOND],
    [2, 5 * MINUTE],
    [3, 30 * MINUTE],
    [4, 2 * HOUR],
    [5, 5 * HOUR],
    [6, 10 * HOUR],
    [7, 14 * HOUR],
    [8, 20 * HOUR],
    [9, 24 * HOUR],
  ])('after try %i waits %i ms, and a tenth less with all of the jitter', (tries, delay) => {
    for (const answer of [null, status(500), status(302), status(404), status(100), status(429), status(503)]) {
      expect(judge(answer, tries)).toEqual({ act: 'retry', delay, pauseEndpoint: false });
      expect(judge(answer, tries, 1)).toMatchObject({ delay: delay * 0.9 });
    }
  });

  it('after try 10 there is no other', () => {
    expect(judge(status(500), 10)).toEqual({ act: 'failed' });
    expect(judge(status(503, '60'), 10)).toEqual({ act: 'failed' });
    expect(judge(null, 11)).toEqual({ act: 'failed' });
  });

  it.each([429, 503])('%i with Retry-After is left alone for so long, everything that goes there', (code) => {
    expect(judge(status(code, '120'))).toEqual({ act: 'retry', delay: 120 * SECOND, pauseEndpoint: true });
    expect(judge(status(code, '120'), 1, 1)).toMatchObject({ delay: 120 * SECOND });
    expect(judge(status(code, '1'), 4)).toMatchObject({ delay: 2 * HOUR });
  });

  it('Retry-After of any other answer is not read', () => {
    expect(judge(status(500, '3600'))).toEqual({ act: 'retry', delay: 5 * SECOND, pauseEndpoint: false });
  });
});

describe('retryAfterMs', () => {
  it.each([
    ['30', 30 * SECOND],
    [' 30 ', 30 * SECOND],
    ['86401', 24 * HOUR],
    ['99999999999999999999', 24 * HOUR],
    ['Sat, 21 Nov 2026 09:10:00 GMT', 10 * MINUTE],
    ['Sat, 21 Nov 2099 09:10:00 GMT', 24 * HOUR],
    ['Sat, 21 Nov 2026 08:59:59 GMT', null],
    ['0', null],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['', null],
    [null, null],
  ])('%j: %s', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });

  it('takes anything', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const wait = retryAfterMs(header, now);
        expect(wait === null || (wait > 0 && wait <= 24 * HOUR)).toBe(true);
      }),
    );
  });
});

it('an endpoint is off after five days without a success', () => {
  expect(isOffAfter(new Date(now.getTime() - 120 * HOUR + 1), now)).toBe(false);
  expect(isOffAfter(new Date(now.getTime() - 120 * HOUR), now)).toBe(true);
});
