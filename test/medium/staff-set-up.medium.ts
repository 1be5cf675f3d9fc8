import { expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { newPublication } from '../support/make.js';
import { newStaff } from '../support/staff.js';

/* The way of a new publication to its first referral. */

const app = await startApp();

test('each step is ticked off by what has happened', async () => {
  const publication = await newPublication(app, { postalAddress: null });
  const admin = await newStaff(app, { publicationId: publication.id, role: 'admin' });
  const path = `/admin/p/${publication.slug}/set-up`;
  const left = async () => /<h1>([^<]*)</.exec((await admin.get(path)).text)![1];
  expect(await left()).toBe('5 steps to your first referral');
  await publication.admin.patch(`/publications/${publication.slug}`, { postalAddress: '12 Mill Lane' });
  expect(await left()).toBe('4 steps to your first referral');
  await admin.post(`${path}/mail`);
  await app.tick();
  const mails = await app.rows('select message from mails where publication_id = $1 and recipient = $2', [
    publication.id,
    admin.email,
  ]);
  expect(mails).toEqual([{ message: 'welcome' }]);
  expect(await left()).toBe('3 steps to your first referral');
  await admin.post(`/admin/p/${publication.slug}/presets`, { program: 'default', preset: 'newsletter-milestones' });
  const { code } = await publication.reader();
  expect(await left()).toBe('One step to your first referral');
  await app.http.get(`/r/${code}`).set('user-agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0');
  expect(await left()).toBe('Everything is set up');
});

test('who may not change something is not asked to', async () => {
  const publication = await newPublication(app);
  const marketing = await newStaff(app, { publicationId: publication.id, role: 'marketing' });
  const path = `/admin/p/${publication.slug}/set-up`;
  const { text } = await marketing.get(path);
  for (const words of ['Change the sender', 'Send a test mail', 'Import readers']) expect(text).not.toContain(words);
  expect((await marketing.post(`${path}/mail`)).status).toBe(403);
});
