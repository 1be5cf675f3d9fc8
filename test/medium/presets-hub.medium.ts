import { beforeAll, expect, test } from 'vitest';
import { type Api, startApp } from '../support/app.js';
import { newPublication, type TestPublication } from '../support/make.js';

const app = await startApp();
const PARTNERS = 'certified-partners';
let letter: TestPublication;
let api: Api;
let hub: string;
let code: string;
let partnerCode: string;

beforeAll(async () => {
  letter = await newPublication(app);
  api = letter.admin;
  await api.post('/programs/default/preset', { preset: 'monday' }).expect(201);
  const ana = await letter.reader();
  const tick = { subscriberId: ana.id, requirements: { certified: true } };
  const { body } = await api.post(`/programs/${PARTNERS}/participants`, tick).expect(201);
  const approved = await api.post(`/programs/${PARTNERS}/participants/${body.id}/approve`).expect(200);
  code = ana.code;
  partnerCode = approved.body.shareCode;
  hub = `/hub/${app.token('hub', letter.id, ana.id, new Date(app.clock.now().getTime() + 86_400_000))}`;
  await letter.verifiedFriend(code, 'quincy@somewhere.example');
  const { friend } = await letter.verifiedFriend(partnerCode, 'zelda@somewhere.example');
  await api.post('/events', { id: 'bought', type: 'purchased', email: friend.email }).expect(202);
  await app.tick();
});

const text = async (path: string) => (await app.http.get(path).expect(200)).text;
const initials = (page: string) =>
  ['>Q<', '>Z<'].filter((initial) => page.toUpperCase().replace(/\s/g, '').includes(initial));

test('the page of all friends is of one program, and leads back to it', async () => {
  const [customers, partners] = [await text(`${hub}/friends`), await text(`${hub}/friends?program=${PARTNERS}`)];
  expect(customers).toContain('<span class="count">1</span>');
  expect([initials(customers), initials(partners)]).toEqual([['>Q<'], ['>Z<']]);
  expect(partners).toContain('Certified partners');
  expect(partners.replaceAll('&#x3D;', '=')).toContain(`href="${hub}?program=${PARTNERS}"`);
  expect(await text(`${hub}/friends?program=no-such`)).toBe(customers);
});

test('the hub shows what was earned in the program that it is open in, and nothing of the other', async () => {
  const [customers, partners] = [await text(hub), await text(`${hub}?program=${PARTNERS}`)];
  expect(customers).toContain('10 % off your subscription');
  expect(customers).not.toContain('100 USD commission');
  expect(partners).toContain('100 USD commission');
  expect(partners).not.toContain('10 % off your subscription');
});

test('what is of no program of the reader is in each', async () => {
  await letter.newProgram('welcome', { access: 'invite' });
  const reward = await letter.reward({ name: 'A loaf to begin with' });
  const rule = {
    name: 'Welcome',
    stage: 'verified',
    threshold: 1,
    every: 1,
    recipient: 'referred',
    rewardId: reward.id,
  };
  await api.post('/programs/welcome/milestones', { ...rule, past: 'ignore' }).expect(201);
  const host = await letter.reader();
  const { body } = await api.post('/programs/welcome/participants', { subscriberId: host.id }).expect(201);
  const { friend } = await letter.verifiedFriend(body.shareCode);
  const own = `/hub/${app.token('hub', letter.id, friend.id, new Date(app.clock.now().getTime() + 86_400_000))}`;
  expect(await text(own)).toContain('A loaf to begin with');
});
