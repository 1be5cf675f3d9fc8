import { expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { tell } from '../support/story.js';

const app = await startApp();

test('hubspot-partner: the fee is ticked off, and who has only applied earns nothing', async () => {
  const story = await tell(app, 'hubspot-partner', { program: 'partners' });
  const agency = await story.reader('agency', { attributes: { company: 'Mill & Co' } });
  expect(await story.walkIn(agency, 'partners', { company: 'Mill & Co' })).toContain('We are reading it');
  const applied = (await story.participant(agency, 'partners'))!;
  expect(applied).toMatchObject({ status: 'applied', shareCode: null });
  const approve = () => story.api.post(`/programs/partners/participants/${applied.id}/approve`);
  expect((await approve().expect(409)).body.code).toBe('participant/requirements-open');

  // They have a link of the default program; what comes by it is no client of a partner.
  const early = await story.friend(agency.code);
  await story.event('purchased', early, { plan: 'enterprise' });
  expect(await story.grants(agency)).toEqual([]);

  const tick = { email: agency.email, requirements: { fee: true } };
  const { body: paid } = await story.api.post('/programs/partners/participants', tick).expect(200);
  expect(paid).toMatchObject({ status: 'applied', requirements: { fee: true }, shareCode: null });
  const { body: partner } = await approve().expect(200);
  expect(partner).toMatchObject({ status: 'active', shareCode: expect.any(String) });
  await story.event('purchased', early, { plan: 'enterprise' });
  expect(await story.grants(agency)).toEqual([]);

  const client = await story.friend(partner.shareCode);
  await story.event('purchased', client, { plan: 'professional' });
  await story.tick();
  expect(await story.granted(agency)).toEqual({ 'Partner commission sent': 1 });
  expect((await story.ledger(agency)).balances).toMatchObject([
    { kind: 'credit', quantity: 20_000, currency: 'USD', company: 'Mill & Co' },
  ]);
});

test('hubspot-affiliate: a person reads the application, and approves each commission', async () => {
  const story = await tell(app, 'hubspot-affiliate', { program: 'affiliates' });
  const [ana, ben] = [await story.reader('ana'), await story.reader('ben')];
  for (const one of [ana, ben]) await story.walkIn(one, 'affiliates', { company: 'A blog', country: 'NL' });
  const decide = async (who: typeof ana, verb: string) => {
    const { id } = (await story.participant(who, 'affiliates'))!;
    await story.api.post(`/programs/affiliates/participants/${id}/${verb}`).expect(200);
    return (await story.participant(who, 'affiliates'))!;
  };
  expect(await decide(ben, 'reject')).toMatchObject({ status: 'rejected', shareCode: null });
  const { shareCode } = await decide(ana, 'approve');
  const customer = await story.friend(shareCode!);
  await story.event('purchased', customer, { plan: 'starter' });
  await story.tick();
  expect([await story.granted(ana), await story.balance(ana)]).toEqual([
    { 'Affiliate commission awaiting_approval': 1 },
    0,
  ]);
  const [grant] = await story.grants(ana);
  await story.api.post(`/grants/${grant!.id}/approve`).expect(200);
  await story.tick();
  expect([await story.granted(ana), await story.balance(ana)]).toEqual([{ 'Affiliate commission sent': 1 }, 5_000]);
});

test('monday: customers and certified partners side by side, and nothing of the one in the other', async () => {
  const story = await tell(app, 'monday');
  const PARTNERS = 'certified-partners';
  const ana = await story.reader('ana', { attributes: { company: 'Mill & Co' } });
  await story.walkIn(ana, PARTNERS, { company: 'Mill & Co', country: 'NL' });
  await story.friend(ana.code);
  const tick = { email: ana.email, requirements: { certified: true } };
  const { body: applied } = await story.api.post(`/programs/${PARTNERS}/participants`, tick).expect(200);
  const { body: partner } = await story.api
    .post(`/programs/${PARTNERS}/participants/${applied.id}/approve`)
    .expect(200);
  expect(partner.shareCode).not.toBe(ana.code);

  const client = await story.friend(partner.shareCode);
  const friend = await story.friend(ana.code);
  for (const one of [client, friend]) await story.event('purchased', one);
  await story.tick();
  expect([await story.counted(ana), await story.counted(ana, PARTNERS)]).toEqual([2, 1]);
  expect(await story.granted(ana)).toEqual({ '10 % off your subscription sent': 2, '100 USD commission sent': 1 });
  const { balances } = await story.ledger(ana);
  expect(balances.map(({ kind, quantity, company }) => [kind, quantity, company]).sort()).toEqual([
    ['credit', 10_000, 'Mill & Co'],
    ['discount', 20, null],
  ]);
  // Ten friends more: 120 % in all, of which no month takes more than 100.
  for (let n = 0; n < 10; n++) await story.friend(ana.code);
  const percent = (await story.ledger(ana)).schedule.flatMap(({ applied: used }) => used).filter((one) => one.percent);
  const ofMonth = (month: string) =>
    percent.filter(({ period }) => period === month).reduce((sum, one) => sum + one.percent!, 0);
  expect([ofMonth('2026-03'), ofMonth('2026-04')]).toEqual([100, 20]);
  expect(await story.counted(ana, PARTNERS)).toBe(1);
});

test('salesforce: an invite-only page like none at all, what readers say, and the invitation', async () => {
  const story = await tell(app, 'salesforce', { program: 'inner-circle' });
  await story.api.patch('/programs/default', { askHeardFrom: true }).expect(200);
  const page = (program: string) => app.http.get(`/p/${story.slug}/${program}`);
  const [hidden, missing] = [await page('inner-circle'), await page('no-such-one')];
  // Every answer has its own time and number.
  const told = ({ status, text, headers }: typeof hidden) => ({
    ...{ status, text, headers: { ...headers, date: null, 'x-request-id': null } },
  });
  expect([hidden.status, told(hidden)]).toEqual([404, told(missing)]);
  const knock = (program: string) =>
    app.http.post(`/p/${story.slug}/${program}`).type('form').send({ email: 'a@b.example' });
  expect([(await knock('inner-circle')).status, (await knock('inner-circle')).text]).toEqual([404, missing.text]);

  expect((await app.http.get(`/join/${story.slug}`).expect(200)).text).toContain('name="heardFrom"');
  const [ana, ben] = [await story.reader('ana'), await story.reader('ben')];
  for (let n = 0; n < 3; n++) await story.friend(ana.code, { heardFrom: 'friend' });
  await story.friend(ben.code, { heardFrom: 'search' });
  const { body: said } = await story.api.get('/reports/heard-from').expect(200);
  expect(said.data).toMatchObject([
    { answer: 'friend', readers: 3, tracked: 3, agreeing: 3 },
    { answer: 'search', readers: 1, tracked: 1, agreeing: 0 },
  ]);
  expect(said.agreement).toBe(0.75);
  const { body: best } = await story.api.get('/reports/leaderboard?limit=1').expect(200);
  expect(best.data).toMatchObject([{ subscriber: { email: ana.email }, count: 3 }]);

  const { body: invited } = await story.api
    .post('/programs/inner-circle/participants', { email: ana.email })
    .expect(201);
  expect(invited).toMatchObject({ status: 'active', shareCode: expect.any(String) });
  expect(await story.participant(ben, 'inner-circle')).toBeUndefined();
  await story.stock('A 100 USD gift card', [100]);
  const lead = await story.friend(invited.shareCode);
  await story.event('qualified', lead);
  await story.tick();
  expect([await story.granted(ana), await story.balance(ana)]).toEqual([{ 'A 100 USD gift card sent': 1 }, 10_000]);

  await story.api.patch('/programs/inner-circle', { access: 'open' }).expect(200);
  expect((await page('inner-circle').expect(200)).text).toContain('For the few readers who bring us most.');
});

test('hilti: one niche service with its own readers, ladder and a gift for large companies', async () => {
  const story = await tell(app, 'hilti', { program: 'fleet' });
  const large = await story.reader('large', { attributes: { service: 'fleet', employees: 300 } });
  const small = await story.reader('small', { attributes: { service: 'Fleet', employees: 12 } });
  const other = await story.reader('other', { attributes: { service: 'drills', employees: 900 } });
  expect(await story.participant(other, 'fleet')).toBeUndefined();
  const bring = async (who: typeof large, count: number) => {
    const { shareCode } = (await story.participant(who, 'fleet'))!;
    for (let n = 0; n < count; n++) await story.event('qualified', await story.friend(shareCode!));
    await story.tick();
  };
  await bring(large, 1);
  expect(await story.granted(large)).toEqual({ '50 USD off the service sent': 1 });
  await bring(large, 2);
  const three = { '50 USD off the service sent': 1, 'A tool set awaiting_claim': 1 };
  expect(await story.granted(large)).toEqual({ ...three, 'A day at the works for your team sent': 1 });
  await bring(small, 3);
  expect(await story.granted(small)).toEqual(three);
  await bring(small, 7);
  expect(await story.granted(small)).toEqual({ ...three, '12 months of the service sent': 1 });
  const { body } = await story.api.get(`/subscribers/${small.id}/entitlements`).expect(200);
  const [{ from, until }] = body.data;
  expect(new Date(until).getUTCFullYear() - new Date(from).getUTCFullYear()).toBe(1);
  expect(until.slice(5)).toBe(from.slice(5));
  // What comes by their other link climbs no step of this ladder.
  await story.event('qualified', await story.friend(other.code));
  expect(await story.grants(other)).toEqual([]);
});
