import { expect, it } from 'vitest';
import { mayMailAgain } from './mail-limits.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

it.each([
  ['the first', { count: 0, latest: null }, true],
  ['one 14 minutes after the last', { count: 1, latest: minutesAgo(14) }, false],
  ['one 15 minutes after the last', { count: 1, latest: minutesAgo(15) }, true],
  ['the third of a day', { count: 2, latest: minutesAgo(60) }, true],
  ['the fourth of a day', { count: 3, latest: minutesAgo(60) }, false],
])('%s', (_, recent, may) => {
  expect(mayMailAgain(recent, NOW)).toBe(may);
});
