import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY, startApp } from '../support/app.js';
import { newPublication } from '../support/make.js';

const app = await startApp();
const publication = await newPublication(app);
const reader = await publication.reader();
const inDays = (days: number) => new Date(app.clock.now().getTime() + days * DAY).toISOString();
const good = { id: 'o-1', type: 'purchased', email: reader.email };

describe('an event that is not taken in', () => {
  let before: unknown;
  beforeEach(async () => (before = await app.snapshot()));
  afterEach(async () => expect(await app.snapshot()).toEqual(before));

  test.each<[what: string, body: object, paths: string[]]>([
    ['names nobody', { email: undefined }, ['email', 'subscriberId', 'externalId']],
    ['names nobody but null', { email: null }, ['email', 'subscriberId', 'externalId']],
    ['names somebody twice', { subscriberId: reader.id }, ['subscriberId']],
    ['names somebody three times', { subscriberId: reader.id, externalId: 'x' }, ['subscriberId', 'externalId']],
    ['has an id of blanks', { id: '   ' }, ['id']],
    ['has an id that is a number', { id: 7 }, ['id']],
    ['has an id too long', { id: 'x'.repeat(201) }, ['id']],
    ['has a type with capitals', { type: 'Purchased' }, ['type']],
    ['has a type that nobody has named', { type: 'demo' }, ['type']],
    ['has a type that is none of events', { type: 'verified' }, ['type']],
    ['is of a day', { at: '2026-01-01' }, ['at']],
    ['is of a day that is none', { at: '2026-02-30T00:00:00Z' }, ['at']],
    ['is of no time at all', { at: '2026-01-01T00:00:00' }, ['at']],
    ['is of the day after tomorrow', { at: inDays(2) }, ['at']],
    ['is older than computers', { at: '1969-12-31T23:59:59Z' }, ['at']],
    ['has an amount with a fraction', { value: { amount: 49.5, currency: 'USD' } }, ['value.amount']],
    ['has an amount below zero', { value: { amount: -1, currency: 'USD' } }, ['value.amount']],
    ['has too much money', { value: { amount: 1e12 + 1, currency: 'USD' } }, ['value.amount']],
    ['has an amount as text', { value: { amount: '49', currency: 'USD' } }, ['value.amount']],
    ['has no currency', { value: { amount: 49 } }, ['value.currency']],
    ['has a currency in small letters', { value: { amount: 49, currency: 'usd' } }, ['value.currency']],
    ['has a currency that is none', { value: { amount: 49, currency: 'ABC' } }, ['value.currency']],
    ['has money with a surprise', { value: { amount: 49, currency: 'USD', net: 1 } }, ['value.net']],
    ['has no seat', { seats: 0 }, ['seats']],
    ['has half a seat', { seats: 1.5 }, ['seats']],
    ['has an empty plan', { plan: ' ' }, ['plan']],
    ['has a plan of two lines', { plan: 'pro\nmax' }, ['plan']],
    ['is a score without one', { type: 'nps' }, ['score']],
    ['is a score of 11', { type: 'nps', score: 11 }, ['score']],
    ['is a score of 9.5', { type: 'nps', score: 9.5 }, ['score']],
    ['has attributes that are no facts', { attributes: { a: { b: 1 } } }, ['attributes.a']],
    [
      'has too many attributes',
      { attributes: Object.fromEntries([...Array(51).keys()].map((n) => [n, 1])) },
      ['attributes'],
    ],
    ['has fields of its own', { colour: 'red', size: 1 }, ['colour', 'size']],
  ])('%s', async (_, body, paths) => {
    const answer = await publication.admin.post('/events', { ...good, ...body });
    expect([answer.status, answer.body.code]).toEqual([422, 'request/invalid']);
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual(paths);
  });
});

test('the most that may be sent is taken in', async () => {
  const most = {
    ...{ id: 'x'.repeat(200), at: inDays(0.9), plan: 'p'.repeat(100), seats: 1_000_000 },
    ...{ value: { amount: 1e12, currency: 'USD' }, of: 'y'.repeat(200), score: 10 },
  };
  const answer = await publication.admin.post('/events', { ...good, ...most });
  expect([answer.status, answer.body]).toEqual([202, { accepted: true, duplicate: false }]);
});

test('a site may tell of events, and learns nothing of people by it', async () => {
  const site = app.api(await publication.key('site'));
  const answer = await site.post('/events', { ...good, id: 'o-2' });
  expect([answer.status, answer.body]).toEqual([202, { accepted: true, duplicate: false }]);
  expect((await app.api(await publication.key('marketing')).post('/events', good)).status).toBe(403);
});
