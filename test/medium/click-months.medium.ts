import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { KeepClicks } from '../../src/flows/keep-clicks.js';
import { migrate } from '../../src/platform/database.js';
import { startApp } from '../support/app.js';
import { openDatabase } from '../support/database.js';
import { newPublication, range } from '../support/make.js';

const app = await startApp();
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

afterEach(() => app.clock.set(null));

const visit = (code: string, ip: string) =>
  app.http.get(`/r/${code}`).set('user-agent', BROWSER).set('x-forwarded-for', ip).redirects(0);

const places = async (publicationId: string) =>
  (
    await app.rows<{ place: string }>(
      `select tableoid::regclass::text || ' ' || class as place from clicks where publication_id = $1 order by at, id`,
      [publicationId],
    )
  ).map(({ place }) => place);

test('a month has its partition before it begins, and clicks of one without are moved into it', async () => {
  const publication = await newPublication(app);
  const reader = await publication.reader();
  app.clock.set(new Date('2031-05-31T23:59:00Z'));
  for (const ip of ['198.51.100.1', '198.51.100.1', '198.51.100.2']) await visit(reader.code, ip);
  expect(await places(publication.id)).toEqual(['clicks_other human', 'clicks_other repeat', 'clicks_other human']);
  await app.get(KeepClicks).run();
  expect(new Set(await places(publication.id))).toEqual(new Set(['clicks_2031_05 human', 'clicks_2031_05 repeat']));
  await visit(reader.code, '198.51.100.2'); // a repeat of what was moved
  app.clock.set(new Date('2031-06-01T00:00:00Z'));
  await visit(reader.code, '198.51.100.2');
  expect((await places(publication.id)).slice(3)).toEqual(['clicks_2031_05 repeat', 'clicks_2031_06 human']);
  await app.get(KeepClicks).run();
  const made = await app.rows<{ name: string }>(`select relname as name from pg_class where relname like 'clicks_2031%' and relkind = 'r' order by 1`); // prettier-ignore
  expect(made.map(({ name }) => name)).toEqual(['clicks_2031_05', 'clicks_2031_06', 'clicks_2031_07', 'clicks_2031_08']); // prettier-ignore
});

test('several processes make the same month at once, and a long report stops neither them nor the redirects', async () => {
  const publication = await newPublication(app);
  const reader = await publication.reader();
  app.clock.set(new Date('2032-01-15T12:00:00Z'));
  const other = (await openDatabase({ poolSize: 1 })).createQueryRunner();
  await other.startTransaction('REPEATABLE READ');
  await other.query('select count(*) from clicks');
  await app.get(KeepClicks).run();
  expect((await visit(reader.code, '198.51.100.1')).headers['location']).toContain('click=');
  expect(await places(publication.id)).toEqual(['clicks_other human']);
  await other.rollbackTransaction();
  await other.release();
  await Promise.all(range(5).map(() => app.get(KeepClicks).run()));
  await app.get(KeepClicks).run();
  expect(await places(publication.id)).toEqual(['clicks_2032_01 human']);
});

test('clicks that were there before the table had partitions are all there afterwards', async () => {
  const source = await openDatabase({ poolSize: 2 });
  const isWhole = async () => (await source.query(`select 1 from pg_class where relname = 'clicks' and relkind = 'r'`)).length > 0; // prettier-ignore
  while (!(await isWhole())) await source.undoLastMigration();
  const publicationId = randomUUID();
  for (const at of ['2026-08-31T23:59:59.999Z', '2026-09-01T00:00:00Z', '2026-10-07T08:09:10Z']) {
    await source.query(`insert into clicks values ($1, $2, $3, null, 'x', 'human', $4, $5, $6)`, [
      publicationId, randomUUID(), randomUUID(), randomBytes(32), randomBytes(32), at,
    ]); // prettier-ignore
  }
  const all = () => source.query(`select id, participant_id, channel, visit_key, at from clicks where publication_id = $1 order by at`, [publicationId]); // prettier-ignore
  const before = await all();
  await migrate(source);
  expect(await all()).toEqual(before);
  const found = await source.query(`select tableoid::regclass::text as place, hour from clicks where publication_id = $1 order by at`, [publicationId]); // prettier-ignore
  expect(found).toEqual([
    { place: 'clicks_2026_08', hour: new Date('2026-08-31T23:00:00Z') },
    { place: 'clicks_2026_09', hour: new Date('2026-09-01T00:00:00Z') },
    { place: 'clicks_2026_10', hour: new Date('2026-10-07T08:00:00Z') },
  ]);
});
