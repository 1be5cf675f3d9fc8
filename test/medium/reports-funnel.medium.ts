import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { HOUR, startApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
// Far from the end of an hour and of a day, where presses and visitors would be counted anew.
app.clock.set(new Date('2027-02-03T10:05:00Z'));

async function shareButton(publication: TestPublication, readerId: string) {
  const path = `/hub/${app.token('hub', publication.id, readerId, new Date(app.clock.now().getTime() + 900 * HOUR))}/shared`;
  return (form: object, accept = '*/*') => app.http.post(path).type('form').set('accept', accept).send(form);
}

const visit = (path: string, ip: string) =>
  app.http
    .get(path)
    .set('x-forwarded-for', ip)
    .set('user-agent', 'Mozilla/5.0 (X11; Linux) Firefox/140.0')
    .redirects(0);

type Row = { key: string | null; keys: object; shares: number; clicks: number; verified: number };
const rowsBy = async (publication: TestPublication, query: string): Promise<Row[]> =>
  (await publication.admin.get(`/reports/funnel?${query}`)).body.data;
const told = ({ key, shares, clicks, verified }: Row) => [key, shares, clicks, verified];

test('a press on a share button counts once an hour for a link and channel, and says where it leads', async () => {
  const publication = await newPublication(app);
  await publication.content('rye');
  const reader = await publication.reader();
  const press = await shareButton(publication, reader.id);
  const once = await Promise.all(range(50).map(() => press({ channel: 'line', content: 'rye' })));
  expect(new Set(once.map(({ status }) => status))).toEqual(new Set([204]));
  expect((await press({ channel: 'line' })).status).toBe(204);
  expect((await press({ channel: 'pigeon', content: 'no-such-content' })).status).toBe(204);
  const form = await press({ channel: 'x', program: 'default' }, 'text/html');
  expect([form.status, form.headers.location]).toEqual([303, expect.stringMatching(/^\/hub\/[^/]+\?program=default$/)]);
  expect((await rowsBy(publication, 'by=channel')).map(told)).toEqual([
    ['line', 2, 0, 0],
    ['other', 1, 0, 0],
    ['x', 1, 0, 0],
  ]);
  app.advance(HOUR);
  await press({ channel: 'x' });
  expect((await rowsBy(publication, 'by=total')).map(told)).toEqual([['total', 5, 0, 0]]);
  expect((await rowsBy(publication, 'by=referrer')).map(told)).toEqual([[reader.id, 5, 0, 0]]);
});

test('nobody is noted who has no page', async () => {
  const publication = await newPublication(app);
  const reader = await publication.reader();
  const press = await shareButton(publication, reader.id);
  await publication.admin.delete(`/subscribers/${reader.id}`);
  expect((await press({ channel: 'x' })).status).toBe(410);
  expect((await app.http.post('/hub/made-up/shared').send({ channel: 'x' })).status).toBe(404);
  expect((await rowsBy(publication, 'by=total')).map(told)).toEqual([['total', 0, 0, 0]]);
});

test('any two are combined, and the file says the same', async () => {
  const publication = await newPublication(app);
  await publication.content('rye');
  const reader = await publication.reader();
  const press = await shareButton(publication, reader.id);
  await press({ channel: 'x', content: 'rye' });
  for (const n of range(3)) await visit(`/r/${reader.code}/rye?via=x`, `203.0.113.${n}`);
  await visit(`/r/${reader.code}/rye?via=line`, '203.0.113.9');
  await visit(`/r/${reader.code}`, '203.0.113.9');
  await publication.verifiedFriend(reader.code);
  const presented = { ref: reader.code, clicks: [], content: 'rye', channel: 'x' };
  const friend = await publication.signUp(undefined, { presented, confirmed: true });
  const value = { amount: 4_900, currency: 'USD' };
  await publication.admin.post('/events', { id: 'order-1', type: 'purchased', subscriberId: friend.id, value });

  const rows = await rowsBy(publication, 'by=content,channel');
  expect(rows.map((row) => [row.keys, ...told(row)])).toEqual([
    [{ content: 'rye', channel: 'line' }, 'rye,line', 0, 1, 0],
    [{ content: 'rye', channel: 'x' }, 'rye,x', 1, 3, 1],
    [{ content: null, channel: 'copy' }, ',copy', 0, 1, 1],
  ]);
  expect(rows[1]).toMatchObject({ visitors: 3, purchased: 1, revenue: [value], rates: { shareToClick: 3 } });
  const today = new Date(app.clock.now()).toISOString().slice(0, 10);
  for (const [by, keys] of [
    ['program', ['default']],
    ['program,referrer', [`default,${reader.id}`]],
    ['referrer,content', [`${reader.id},rye`, `${reader.id},`]],
    ['day,program', [`${today},default`]],
  ] as const) {
    expect(
      (await rowsBy(publication, `by=${by}`)).map(({ key }) => key),
      by,
    ).toEqual(keys);
  }
  const file = await publication.admin.get('/reports/funnel.csv?by=content,channel').buffer(true);
  expect(file.headers['content-disposition']).toBe('attachment; filename="funnel.csv"');
  const lines: Record<string, string>[] = parse(file.text, { columns: true });
  expect(lines.map(({ content, channel, clicks, revenue }) => [content, channel, clicks, revenue])).toEqual([
    ['rye', 'line', '1', ''],
    ['rye', 'x', '3', '49.00 USD'],
    ['', 'copy', '1', ''],
  ]);
  const wrong = await publication.admin.get('/reports/funnel?by=content,colour');
  expect([wrong.status, wrong.body.errors[0].path]).toEqual([422, 'by']);
});
