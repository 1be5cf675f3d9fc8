import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { openDatabase } from '../support/database.js';
import { send } from '../support/imports.js';
import { newPublication } from '../support/make.js';

const app = await startApp();

test('a staged file is not to be seen before the planner knows its size: a job that begins at once would plan for a single row', async () => {
  const publication = await newPublication(app);
  const holder = (await openDatabase()).createQueryRunner();
  await holder.startTransaction();
  await holder.query('lock table import_rows in share update exclusive mode'); // as ANALYZE takes it
  const staging = send(publication, 'email\nana@mail.example\n').then(({ status }) => status);
  const waiting = `select 1 from pg_stat_activity
    where query = 'analyze import_rows' and wait_event_type = 'Lock' and datname = current_database()`;
  while ((await app.rows(waiting)).length === 0) await sleep(20);
  const seen = await app.rows('select 1 from imports where publication_id = $1', [publication.id]);
  await holder.rollbackTransaction();
  await holder.release();
  expect(seen).toEqual([]);
  expect(await staging).toBe(202);
});
