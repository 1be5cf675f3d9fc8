import { expect, test } from 'vitest';
import { DAY, startApp } from '../support/app.js';
import { newPublication } from '../support/make.js';

const app = await startApp();
const usd = (amount: number) => ({ amount, currency: 'USD' });

test('economics sets what the publisher tells beside what rewards have cost, in one currency', async () => {
  const publication = await newPublication(app);
  const reader = await publication.reader();
  const terms = { value: usd(2_000) };
  const reward = await publication.admin.post('/rewards', { kind: 'credit', name: 'Credit', ...terms });
  expect(reward.status).toBe(201);
  await publication.milestone({ threshold: 1, every: 1, rewardId: reward.body.id, holdDays: 30 });
  await publication.milestone({ threshold: 1, rewardId: reward.body.id, approval: 'manual' });
  const { friend } = await publication.verifiedFriend(reader.code);
  await publication.verifiedFriend(reader.code);
  await publication.admin.post('/events', { id: 'o-1', type: 'purchased', subscriberId: friend.id, value: usd(100) });
  const get = async (query: string) => (await publication.admin.get(`/reports/economics?${query}`)).body;
  const figures = 'arr=120000&lifetimeYears=2.5&yearlyCost=5000000&customersWon=100';
  expect(await get(`${figures}&currency=USD`)).toMatchObject({
    ...{ ltv: usd(300_000), cac: usd(50_000), ratio: 6, healthy: true },
    formula: { ltv: 'arr × lifetimeYears', healthy: 'ratio > 4' },
    referrals: { rewardCost: usd(4_000), customers: 1, cac: usd(4_000), ratio: 75, healthy: true },
    forecast: { rewardCost: usd(16_222), customers: 4, cac: usd(4_000) },
  });
  expect(await get(`${figures}&currency=EUR`)).toMatchObject({ referrals: { rewardCost: { amount: 0 }, ratio: null } });
  const none = await get('arr=1&lifetimeYears=1&yearlyCost=1&customersWon=0&currency=USD');
  expect(none).toMatchObject({ cac: null, ratio: null, healthy: null });
  const summary = (await publication.admin.get('/reports/summary')).body;
  expect(summary).toMatchObject({
    ...{ rewardCost: [usd(4_000)], rewardCostPerVerified: [usd(2_000)], liabilities: [usd(4_000)] },
    grants: { awaiting_approval: 1, due: 2 },
  });

  for (const [query, path] of [
    ['arr=&lifetimeYears=1&yearlyCost=1&customersWon=1&currency=USD', 'arr'],
    ['arr=1&lifetimeYears=0&yearlyCost=1&customersWon=1&currency=USD', 'lifetimeYears'],
    ['arr=1&lifetimeYears=1&yearlyCost=1.5&customersWon=1&currency=USD', 'yearlyCost'],
    ['arr=1&lifetimeYears=1&yearlyCost=1&currency=USD', 'customersWon'],
    ['arr=1&lifetimeYears=1&yearlyCost=1&customersWon=1&currency=usd', 'currency'],
  ]) {
    const { errors, status } = await get(query!);
    expect([status, errors[0].path], query).toEqual([422, path]);
  }
  const year = 366 * DAY;
  app.advance(year);
  expect(await get(`${figures}&currency=USD`)).toMatchObject({ referrals: { rewardCost: usd(0), customers: 0 } });
});

test('a draft that is none is refused by the name of the field', async () => {
  const publication = await newPublication(app);
  const good = { threshold: 1, value: usd(1) };
  for (const [body, path] of [
    [{ milestones: [] }, 'milestones'],
    [{ milestones: [good, { ...good, stage: 'demo' }] }, 'milestones[1].stage'],
    [{ milestones: [{ ...good, threshold: 2, recipient: 'referred' }] }, 'milestones[0].threshold'],
    [{ milestones: [{ threshold: 1 }] }, 'milestones[0].value'],
  ] as const) {
    const answer = await publication.admin.post('/reports/forecast', body);
    expect([answer.status, answer.body.errors[0].path], path).toEqual([422, path]);
  }
  const unknown = await publication.admin.post('/reports/forecast', { program: 'none-such', milestones: [good] });
  expect(unknown.status).toBe(404);
  const nothing = await publication.admin.post('/reports/forecast', { milestones: [good] });
  expect(nothing.body).toMatchObject({ leads: 0, cost: { likely: [usd(0)] }, costPerLead: { low: [], high: [] } });
});
