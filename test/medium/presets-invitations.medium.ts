import { expect, test } from 'vitest';
import { CleanUp } from '../../src/flows/clean-up.js';
import { DAY, startApp } from '../support/app.js';
import { newPublication } from '../support/make.js';

const app = await startApp();

test('an invitation waits for 30 days, says so, is then taken back, and can be made anew', async () => {
  const letter = await newPublication(app);
  const circle = await letter.newProgram('circle', { access: 'invite' });
  const ana = await letter.reader();
  const invite = () => circle.add({ subscriberId: ana.id, ask: true });
  const { body } = await invite().expect(201);
  const until = app.clock.now().getTime() + 30 * DAY;
  expect(Math.abs(new Date(body.invitedUntil).getTime() - until)).toBeLessThan(60_000);
  await app.tick();
  const mails = async () => (await app.mails(ana.email)).filter(({ subject }) => subject === 'An invitation to circle');
  expect((await mails())[0]!.text).toContain('for 30 days');
  const door = () => {
    const token = app.token('hub', letter.id, ana.id, new Date(app.clock.now().getTime() + DAY));
    return `/hub/${token}/programs/circle`;
  };
  const status = async () => (await circle.list())[0].status as string;

  app.advance(29 * DAY);
  await app.get(CleanUp).run();
  expect(await status()).toBe('invited');
  app.advance(DAY + 60_000);
  await app.get(CleanUp).run();
  expect(await status()).toBe('rejected');
  const { text } = await app.http.get(door()).expect(200);
  expect(text).not.toContain('method="post"');
  await app.http.post(door()).type('form').send({}).expect(303);
  expect(await status()).toBe('rejected');

  const again = await invite().expect(200);
  expect(again.body).toMatchObject({ status: 'invited', invitedUntil: expect.any(String) });
  await app.tick();
  expect(await mails()).toHaveLength(2);
  await app.http.post(door()).type('form').send({}).expect(303);
  expect(await status()).toBe('active');
  expect((await circle.list())[0].invitedUntil).toBeNull();
});

test('who waits for something that staff tick off, and was never asked, waits on', async () => {
  const letter = await newPublication(app);
  const circle = await letter.newProgram('circle', { access: 'invite', requirements: ['fee'] });
  const ana = await letter.reader();
  expect((await circle.add({ subscriberId: ana.id }).expect(201)).body).toMatchObject({
    status: 'invited',
    invitedUntil: null,
  });
  app.advance(40 * DAY);
  await app.get(CleanUp).run();
  expect((await circle.list())[0].status).toBe('invited');
});
