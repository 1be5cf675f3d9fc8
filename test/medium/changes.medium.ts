import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { openDatabase } from '../support/database.js';
import { newPublication, range } from '../support/make.js';

const app = await startApp();

test('a program keeps what a change does not name', async () => {
  const publication = await newPublication(app);
  const patch = async (body: object) => (await publication.admin.patch('/programs/default', body)).body as object;
  await patch({ delivery: { when: 'scheduled', cron: '0 9 * * 1', timezone: 'Asia/Tokyo' } });
  await patch({ attribution: { model: 'last' }, verification: { doubleOptIn: true, requireEngagement: false } });
  expect(await patch({ attribution: { windowDays: 7 }, delivery: { cron: '0 10 * * 1' } })).toMatchObject({
    attribution: { model: 'last', windowDays: 7 },
    verification: { doubleOptIn: true, holdDays: 0, requireEngagement: false },
    delivery: { when: 'scheduled', cron: '0 10 * * 1', timezone: 'Asia/Tokyo' },
  });
  expect(await patch({ delivery: { when: 'immediate' } })).toMatchObject({ delivery: { when: 'immediate' } });
});

test('50 changes of a program at once lose none of what any of them names', async () => {
  const publication = await newPublication(app);
  await publication.admin.patch('/programs/default', { delivery: { when: 'scheduled', cron: '0 9 * * 1' } });
  // Each once, among others that name none of it.
  const changes: object[] = [
    { attribution: { model: 'last' } },
    { attribution: { windowDays: 7 } },
    { verification: { holdDays: 3 } },
    { delivery: { timezone: 'Asia/Tokyo' } },
    { delivery: { cron: '0 10 * * 1' } },
  ];
  const answers = await Promise.all(
    range(50).map((n) => publication.admin.patch('/programs/default', changes[n / 10] ?? { name: 'Friends' })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await publication.admin.get('/programs/default')).body).toMatchObject({
    name: 'Friends',
    attribution: { model: 'last', windowDays: 7 },
    verification: { holdDays: 3 },
    delivery: { when: 'scheduled', cron: '0 10 * * 1', timezone: 'Asia/Tokyo' },
  });
});

test('who presses the old button while the address is being changed confirms nobody', async () => {
  const publication = await newPublication(app);
  const reader = await publication.signUp('old@race.example');
  const token = await app.confirmToken(publication.id, reader.id);
  const changing = (await openDatabase({ poolSize: 1 })).createQueryRunner();
  await changing.startTransaction();
  await changing.query('select 1 from subscribers where id = $1 for no key update', [reader.id]);
  const pressing = app.http.post(`/confirm/${token}`).then(({ status }) => status);
  const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  while ((await app.rows(waiting)).length === 0) await sleep(20);
  // What PATCH /subscribers/{id} does, up to its commit.
  await changing.query(
    `update subscribers set email = 'new@race.example', email_key = 'new@race.example' where id = $1`,
    [reader.id],
  );
  await changing.query(`update mails set state = 'suppressed' where subscriber_id = $1`, [reader.id]);
  await changing.commitTransaction();
  await changing.release();
  expect(await pressing).toBe(410);
  expect((await publication.admin.get(`/subscribers/${reader.id}`)).body.status).toBe('pending');
});
