import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { Leave } from '../../src/flows/leave.js';
import { HOUR, MINUTE, startApp } from '../support/app.js';
import { bring } from '../support/imports.js';
import { newPublication, type TestPublication } from '../support/make.js';

const app = await startApp();

async function exported(publication: TestPublication, changedAfter?: Date) {
  const query = changedAfter === undefined ? '' : `?changedAfter=${changedAfter.toISOString()}`;
  const { status, text } = await publication.admin.get(`/subscribers.csv${query}`).buffer(true);
  expect(status).toBe(200);
  return parse<Record<string, string>>(text, { columns: true });
}

const addresses = (rows: Record<string, string>[]) => rows.map(({ email }) => email);

test('readers come with their links, counts and what is next', async () => {
  const publication = await newPublication(app);
  await publication.milestone({ name: 'A mug', threshold: 5 });
  await bring(
    publication,
    'email,firstName,shareCode,referralCount,externalId\nana@mail.example,"=Ana",exp-ana,3,x-1\n',
  );
  await publication.signUp('ben@mail.example');
  const [ana, ben] = await exported(publication);
  expect(ana).toEqual({
    ...{ email: 'ana@mail.example', firstName: "'=Ana", externalId: 'x-1', status: 'active', shareCode: 'exp-ana' },
    ...{
      shareUrl: `${app.url}/r/exp-ana`,
      footerUrl: `${app.url}/footer/exp-ana.png`,
      hubUrl: `${app.url}/hub?publication=${publication.slug}`,
    },
    ...{ referralCount: '3', nextMilestone: 'A mug', nextMilestoneRemaining: '2' },
  });
  expect(ben).toMatchObject({ status: 'pending', referralCount: '0', nextMilestoneRemaining: '5' });
  // What is exported can be imported again, and changes nothing.
  const again = await bring(publication, (await publication.admin.get('/subscribers.csv').buffer(true)).text);
  expect(again.rows.map(({ verdict }) => verdict)).toEqual(['unchanged', 'not_active']);
});

test('changedAfter gives whoever changed since: signed up, changed, left, or was credited, and everybody after a new milestone', async () => {
  const publication = await newPublication(app);
  const [ana, ben, cem] = [
    await publication.reader('ana@x.example'),
    await publication.reader('ben@x.example'),
    await publication.reader('cem@x.example'),
  ];
  app.advance(HOUR);
  const then = app.clock.now();
  app.advance(HOUR);
  expect(await exported(publication, then)).toEqual([]);
  await publication.verifiedFriend(ana.code, 'friend@x.example');
  expect(addresses(await exported(publication, then))).toEqual(['ana@x.example', 'friend@x.example']);
  await publication.admin.patch(`/subscribers/${ben.id}`, { firstName: 'Ben' });
  await app.get(Leave).run(publication.id, cem.id, 'unsubscribed', 'mail');
  expect(addresses(await exported(publication, then)).sort()).toEqual([
    'ana@x.example',
    'ben@x.example',
    'cem@x.example',
    'friend@x.example',
  ]);
  app.advance(HOUR);
  const later = app.clock.now();
  expect(await exported(publication, later)).toEqual([]);
  await bring(publication, 'email,referralCount\nana@x.example,9\n');
  expect(addresses(await exported(publication, later))).toEqual(['ana@x.example']);
  await publication.milestone({ threshold: 20 });
  expect(await exported(publication, later)).toHaveLength(4);
});

test('tells with which moment to go on, so that a change that is under way is not missed', async () => {
  const publication = await newPublication(app);
  const ana = await publication.reader('ana@x.example');
  const { headers } = await publication.admin.get('/subscribers.csv');
  const next = new Date(headers['kuchikomi-changed-after'] as string);
  expect(next.getTime()).toBeLessThan(app.clock.now().getTime() - 4 * MINUTE);
  expect(addresses(await exported(publication, next))).toEqual([ana.email]);
  // Whoever asks with a moment of their own gets what changed after it, and nothing else.
  const moment = app.clock.now();
  const ben = await publication.reader('ben@x.example');
  expect(addresses(await exported(publication, moment))).toEqual([ben.email]);
});

test('is refused to a key that sees no addresses, and for a time that is none', async () => {
  const publication = await newPublication(app);
  expect((await app.api(await publication.key('site')).get('/subscribers.csv')).status).toBe(403);
  expect((await publication.admin.get('/subscribers.csv?changedAfter=yesterday')).status).toBe(422);
});
