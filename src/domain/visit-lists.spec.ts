import crawlers from 'crawler-user-agents';
import { describe, expect, it } from 'vitest';
import { IN_APP_BROWSERS } from '../../test/support/in-app-browsers.js';
import { classifyVisit } from './visit.js';

const classOf = (userAgent: string, headers: Record<string, string> = {}) =>
  classifyVisit({ method: 'GET', userAgent, headers, self: false });

/** What the list gives as examples and the classifier calls a person, by what tells each of them. */
const CALLED_PEOPLE = [
  ['Instagram 406', 'the browser of the app, in which a person reads; its server has another name'],
  ['MetaIAB Facebook', 'the same of Facebook'],
  ['Code/1.115.0', 'an editor, with a person before it or not'],
  ['Trae/1.107.1', 'another editor'],
  ['Fluid/0.9.6', 'a browser for a single site, of 2009'],
  ['TSM-turingos', 'a screenshot service'],
  ['GTmetrix', 'a speed test'],
  ['Miniature.io', 'a screenshot service'],
  ['YLT Chrome', 'a speed test'],
] as const;

describe('the user agents of crawler-user-agents', () => {
  const known = crawlers.flatMap(({ instances }) => instances);
  const missed = known.filter((userAgent) => classOf(userAgent) !== 'bot');

  it('are bots, 2,109 of the 2,118 in version 1.60, and the others are these', () => {
    const unexplained = missed.filter((userAgent) => !CALLED_PEOPLE.some(([mark]) => userAgent.includes(mark)));
    expect(unexplained).toEqual([]);
    expect([known.length, known.length - missed.length]).toEqual([2118, 2109]);
  });
});

describe('a browser inside an app', () => {
  it.each(IN_APP_BROWSERS)('%s is human', (_, userAgent) => {
    expect(classOf(userAgent)).toBe('human');
  });

  it.each(IN_APP_BROWSERS)('%s counts for nobody while it only looks ahead', (_, userAgent) => {
    expect(classOf(userAgent, { 'sec-purpose': 'prefetch;prerender' })).toBe('prefetch');
    expect(classOf(userAgent, { 'x-purpose': 'preview' })).toBe('prefetch');
  });
});
