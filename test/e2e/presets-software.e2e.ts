import { expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { tell } from '../support/story.js';

const app = await startApp();

test('trello: the 13th referral of a year counts and is not rewarded, the next in January is', async () => {
  const story = await tell(app, 'trello', { timezone: 'Europe/Berlin' });
  const ana = await story.reader('ana');
  for (let n = 0; n < 12; n++) await story.friend(ana.code);
  await story.tick();
  expect(await story.granted(ana)).toEqual({ 'A month for free sent': 12 });
  // 100 % each, and no bill takes more than 100 %: what is more moves on.
  const months = ['03', '04', '05', '06', '07', '08', '09', '10', '11', '12'].map((month) => `2026-${month}`);
  const twelve = Object.fromEntries([...months, '2027-01', '2027-02'].map((month) => [month, 100]));
  expect(await story.periods(ana)).toEqual(twelve);

  await story.friend(ana.code);
  await story.at('2026-12-31T21:59:00Z');
  await story.friend(ana.code); // a minute before midnight in Berlin
  await story.tick();
  expect(await story.granted(ana)).toEqual({ 'A month for free sent': 12, 'A month for free capped': 2 });
  expect([await story.counted(ana), await story.balance(ana)]).toEqual([14, 1_200]);
  expect((await story.mails(ana)).filter(({ subject }) => subject === 'A month for free, for you')).toHaveLength(12);

  await story.friend(ana.code); // an hour later it is January
  await story.tick();
  expect(await story.granted(ana)).toEqual({ 'A month for free sent': 13, 'A month for free capped': 2 });
  expect(await story.periods(ana)).toEqual({ ...twelve, '2027-03': 100 });
  expect([await story.counted(ana), await story.balance(ana)]).toEqual([15, 1_300]);
});

test('getresponse: 30 USD to both, and the bonus at the third friend who purchased', async () => {
  const story = await tell(app, 'getresponse');
  const ana = await story.reader('ana');
  const friends = [await story.friend(ana.code), await story.friend(ana.code), await story.friend(ana.code)];
  await story.tick();
  expect(await story.granted(ana)).toEqual({ '30 USD credit sent': 3 });
  for (const friend of friends) {
    expect(await story.granted(friend)).toEqual({ '30 USD credit to begin with sent': 1 });
    expect((await story.ledger(friend)).balances).toMatchObject([{ kind: 'credit', quantity: 3_000, currency: 'USD' }]);
  }
  const [first, second, third] = friends;
  await story.event('purchased', first!);
  await story.event('purchased', first!); // two purchases of one friend are one customer
  await story.event('purchased', second!);
  await story.tick();
  expect(await story.balance(ana)).toBe(9_000);
  await story.event('purchased', third!);
  await story.tick();
  expect(await story.granted(ana)).toEqual({ '30 USD credit sent': 3, '200 USD bonus sent': 1 });
  expect(await story.balance(ana)).toBe(29_000);
  const fourth = await story.friend(ana.code);
  await story.event('purchased', fourth);
  await story.tick();
  expect(await story.granted(ana)).toEqual({ '30 USD credit sent': 4, '200 USD bonus sent': 1 });
  expect(await story.balance(ana)).toBe(32_000);
});

test('activecampaign: everybody has a link in the hub, and a card of 25 to 100 USD by the plan', async () => {
  const story = await tell(app, 'activecampaign');
  const ana = await story.reader('ana');
  await story.stock('A gift card', [25, 50, 75, 100]);
  await story.api.post(`/subscribers/${ana.id}/hub-link`).expect(202);
  await story.tick();
  const [mail] = await story.mails(ana);
  const hub = new URL(/http\S+\/hub\/\S+/.exec(mail!.text)![0]).pathname;
  expect((await app.http.get(hub).expect(200)).text).toContain(`/r/${ana.code}`);

  const values: (number | undefined)[] = [];
  for (const plan of ['starter', 'plus', 'professional', 'enterprise']) {
    const friend = await story.friend(ana.code);
    expect(await story.grants(ana)).toHaveLength(values.length); // signing up alone earns nothing
    await story.event('purchased', friend, { plan });
    // A larger plan later changes nothing: the first decides.
    await story.event('purchased', friend, { plan: 'enterprise' });
    await story.tick();
    values.push((await story.grants(ana))[0]!.value?.amount);
    await story.found(ana, new RegExp(`-${values.at(-1)! / 100}-`));
  }
  expect(values).toEqual([2_500, 5_000, 7_500, 10_000]);
  expect([await story.granted(ana), await story.balance(ana)]).toEqual([{ 'A gift card sent': 4 }, 25_000]);

  const other = await story.friend(ana.code);
  await story.event('purchased', other, { plan: 'charity' });
  expect((await story.grants(ana))[0]).toMatchObject({ status: 'awaiting_approval', reason: 'value_unknown' });
});

test('hiver: a card for each qualified lead, another for each sale, and two bonus tiers', async () => {
  const story = await tell(app, 'hiver');
  const page = (await app.http.get(`/p/${story.slug}/default`).expect(200)).text;
  for (const told of ['Join', 'Share', 'We talk to them', 'They buy', 'Who is a fit?']) expect(page).toContain(told);
  const ana = await story.reader('ana');
  expect(ana.code).toBeNull();
  await story.walkIn(ana, 'default');
  const { shareCode } = (await story.participant(ana, 'default'))!;
  await story.stock(
    'A 25 USD gift card',
    Array.from({ length: 10 }, () => 25),
  );
  await story.stock('A 100 USD gift card', [100]);
  await story.stock('A 50 USD gift card on top', [50]);
  await story.stock('A 150 USD gift card on top', [150]);

  const leads = [];
  for (let n = 0; n < 10; n++) leads.push(await story.friend(shareCode!));
  await story.tick();
  expect(await story.granted(ana)).toEqual({});
  await story.event('qualified', leads[0]!);
  await story.tick();
  expect(await story.granted(ana)).toEqual({ 'A 25 USD gift card sent': 1 });
  await story.event('purchased', leads[0]!); // the same lead, again
  await story.tick();
  expect(await story.granted(ana)).toEqual({ 'A 100 USD gift card sent': 1, 'A 25 USD gift card sent': 1 });
  for (const lead of leads.slice(1, 5)) await story.event('qualified', lead);
  await story.tick();
  const five = { 'A 100 USD gift card sent': 1, 'A 25 USD gift card sent': 5, 'A 50 USD gift card on top sent': 1 };
  expect(await story.granted(ana)).toEqual(five);
  for (const lead of leads.slice(5)) await story.event('qualified', lead);
  await story.tick();
  expect(await story.granted(ana)).toEqual({
    ...five,
    'A 150 USD gift card on top sent': 1,
    'A 25 USD gift card sent': 10,
  });
  expect(await story.balance(ana)).toBe(10 * 2_500 + 10_000 + 5_000 + 15_000);
});

test('per-seat: 20 USD a seat, up to 100 % of the annual bill and not a cent more', async () => {
  const story = await tell(app, 'per-seat');
  const ana = await story.reader('ana', { attributes: { annualBill: 100_001 } });
  const small = await story.friend(ana.code);
  await story.event('purchased', small, { seats: 30 });
  expect(await story.periods(ana)).toEqual({ '2026': 60_000 });
  const large = await story.friend(ana.code);
  await story.event('purchased', large, { seats: 120 });
  expect(await story.balance(ana)).toBe(60_000 + 240_000);
  expect(await story.periods(ana)).toEqual({ '2026': 100_001, '2027': 100_001, '2028': 99_998 });
  await story.tick();
  expect(await story.granted(ana)).toEqual({ '20 USD for each seat sent': 2 });

  const ben = await story.reader('ben');
  const client = await story.friend(ben.code);
  await story.event('purchased', client, { seats: 1 });
  expect((await story.grants(ben))[0]).toMatchObject({ status: 'awaiting_approval', reason: 'bill_unknown' });
  expect(await story.balance(ben)).toBe(0);
});
