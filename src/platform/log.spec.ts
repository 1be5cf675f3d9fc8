import { expect, it } from 'vitest';
import { pathForLog } from './log.js';

it.each([
  ['/confirm/AbC-123', '/confirm/…'],
  ['/hub/AbC-123?x=1', '/hub/…'],
  ['/unsubscribe/AbC', '/unsubscribe/…'],
  ['/join/weekly-loaf?email=ana%40loaf.example', '/join/weekly-loaf'],
  ['/r/k7m2xqd', '/r/k7m2xqd'],
])('%s is logged as %s', (url, logged) => {
  expect(pathForLog(url)).toBe(logged);
});
