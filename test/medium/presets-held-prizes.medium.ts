import { expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { contestants } from '../support/contests.js';
import { settle } from '../support/milestones.js';

const app = await startApp();

/** A contest of October that is won and closed, with a gift card that has not gone out. */
async function won(prize: object, schedule = true) {
  const story = await contestants(app, '2026-10-10T08:00:00Z');
  const { publication, api } = story;
  const rewardId = (await api.post('/rewards', { name: 'The card', ...prize }).expect(201)).body.id as string;
  if (schedule) {
    const delivery = { when: 'scheduled', cron: '0 9 15 * *', timezone: 'UTC' };
    await api.patch('/programs/default', { delivery }).expect(200);
  }
  await story.contest({ prizes: [{ rank: 1, rewardId }] });
  const ana = await publication.reader();
  const [first] = await story.bring(ana);
  app.clock.set(new Date('2026-11-01T00:02:00Z'));
  await app.tick();
  const grant = async () => (await api.get(`/grants?subscriberId=${ana.id}`)).body.data[0];
  const balance = async () =>
    (await api.get(`/subscribers/${ana.id}/ledger`)).body.balances.map((one: { quantity: number }) => one.quantity);
  return { ...story, ana, rewardId, grant, balance, referralId: first!.referral.id };
}

test('a prize that has not gone out waits for a person when its winner is flagged, and goes out when they say so', async () => {
  const card = { kind: 'gift_card', value: { amount: 10_000, currency: 'USD' } };
  const { publication, api, ana, rewardId, grant, balance, referralId } = await won(card);
  await api.post(`/rewards/${rewardId}/codes`).type('text/csv').send('Code,Value,Currency\nC-1,10000,USD').expect(200);
  await app.tick();
  expect([(await grant()).status, await balance()]).toEqual(['due', [10_000]]);
  await settle(publication, referralId, false);
  expect(await grant()).toMatchObject({ status: 'awaiting_approval', reason: 'winner_flagged' });
  expect(await balance()).toEqual([0]);
  expect((await publication.grants({ subscriberId: ana.id }))[0]!.code).toBeNull();

  app.clock.set(new Date('2026-11-15T10:00:00Z'));
  await app.tick();
  expect((await grant()).status).toBe('awaiting_approval');
  await api.post(`/grants/${(await grant()).id}/approve`).expect(200);
  await app.tick();
  expect(await grant()).toMatchObject({ status: 'sent', reason: null });
  expect([await balance(), (await publication.grants({ subscriberId: ana.id }))[0]!.code]).toEqual([[10_000], 'C-1']);
});

test('one that has gone out stays with its winner, flagged', async () => {
  const { publication, grant, referralId } = await won({ kind: 'custom' }, false);
  expect((await grant()).status).toBe('sent');
  await settle(publication, referralId, false);
  expect(await grant()).toMatchObject({ status: 'sent', flaggedAt: expect.any(String) });
});

test('one to be posted is asked for again once a person has approved it', async () => {
  const { publication, api, ana, grant, referralId } = await won({ kind: 'physical' }, false);
  expect((await grant()).status).toBe('awaiting_claim');
  const asked = async () =>
    (await app.mails(ana.email)).filter(({ subject }) => subject.startsWith('Where shall we send it')).length;
  await app.tick();
  await settle(publication, referralId, false);
  expect((await grant()).status).toBe('awaiting_approval');
  await api.post(`/grants/${(await grant()).id}/approve`).expect(200);
  app.advance(60_000);
  await app.tick();
  expect((await grant()).status).toBe('awaiting_claim');
  expect(await asked()).toBe(2);
});
