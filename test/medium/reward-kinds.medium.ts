import { describe, expect, test } from 'vitest';
import { DAY, startApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
const usd = (amount: number) => ({ amount, currency: 'USD' });

/** A reward made by the API, as an editor makes it. */
async function make(publication: TestPublication, body: Record<string, unknown>): Promise<string> {
  const made = await publication.admin.post('/rewards', { name: 'Thank-you', ...body });
  expect([made.status, made.body]).toEqual([201, expect.objectContaining(body)]);
  return made.body.id;
}

/** A reader whose first friend earned them a reward: a friend with these facts. */
async function earned(publication: TestPublication, rewardId: string, friend: Record<string, unknown> = {}) {
  const milestone = await publication.milestone({ threshold: 1, every: 1, rewardId });
  const reader = await publication.reader();
  const befriend = () => publication.signUp(undefined, { ref: reader.code, confirmed: true, source: 'api', ...friend });
  await befriend();
  return { reader, milestone, befriend };
}

async function grantOf(publication: TestPublication, subscriberId: string) {
  const { body } = await publication.admin.get(`/grants?subscriberId=${subscriberId}`);
  return body.data[0];
}

const ledgerOf = async (publication: TestPublication, id: string) =>
  (await publication.admin.get(`/subscribers/${id}/ledger`)).body;

const rewardMail = async (email: string) =>
  (await app.mails(email)).find(({ subject }) => subject === 'Thank-you, for you');

async function refill(publication: TestPublication, rewardId: string, csv: string) {
  return publication.admin.post(`/rewards/${rewardId}/codes`).set('content-type', 'text/csv').send(csv);
}

const PATHS: [string, Record<string, unknown>, string[]][] = [
  ['a link without an address', { kind: 'link' }, ['url']],
  ['a coupon with a percent', { kind: 'coupon', percent: 10 }, ['percent']],
  ['a gift card of no worth', { kind: 'gift_card' }, ['value']],
  ['a gift card of two worths', { kind: 'gift_card', value: usd(1), valueBy: { attribute: 'plan', table: { a: usd(1) } } }, ['valueBy']], // prettier-ignore
  ['a table without lines', { kind: 'credit', valueBy: { attribute: 'plan', table: {} } }, ['valueBy.table']],
  ['a table with a bad line', { kind: 'credit', valueBy: { attribute: 'plan', table: { a: usd(0) } } }, ['valueBy.table.a.amount']], // prettier-ignore
  ['credit of half a cent', { kind: 'credit', value: usd(0.5) }, ['value.amount']],
  ['credit of more than there is', { kind: 'credit', value: usd(2_000_000_000) }, ['value.amount']],
  ['credit in no currency', { kind: 'credit', value: { amount: 1, currency: 'ZZZ' } }, ['value.currency']],
  ['credit for each dog', { kind: 'credit', perUnit: { unit: 'dogs', value: usd(1) } }, ['perUnit.unit']],
  ['a ceiling of no bill', { kind: 'credit', value: usd(1), ceilingPercent: 100 }, ['ceilingOf']],
  ['a bill without a ceiling', { kind: 'credit', value: usd(1), ceilingOf: 'bill' }, ['ceilingPercent']],
  ['a period without a ceiling', { kind: 'discount', percent: 10, ceilingPer: 'month' }, ['ceilingPercent']],
  ['a discount of nothing', { kind: 'discount', percent: 0 }, ['percent']],
  ['credit for nobody', { kind: 'credit', value: usd(1), account: 'nobody' }, ['account']],
  ['a thing with the same size twice', { kind: 'physical', variants: ['S', 'S'] }, ['variants']],
  ['an access of no month', { kind: 'access', months: 0 }, ['months']],
  ['an entry that is worth something', { kind: 'entry', value: usd(1) }, ['value']],
  ['a kind that is none', { kind: 'hug' }, ['kind']],
];

describe('a reward', () => {
  test.each(PATHS)('is refused as %s, by the path of what is wrong', async (_, body, paths) => {
    const publication = await newPublication(app);
    const answer = await publication.admin.post('/rewards', { name: 'x', ...body });
    expect([answer.status, answer.body.errors?.map(({ path }: { path: string }) => path)]).toEqual([422, paths]);
  });

  test('can be changed for what comes; what was given keeps its worth', async () => {
    const publication = await newPublication(app);
    const rewardId = await make(publication, { kind: 'credit', value: usd(3_000) });
    const { reader, befriend } = await earned(publication, rewardId);
    const changed = await publication.admin.patch(`/rewards/${rewardId}`, {
      value: null,
      valueBy: { attribute: 'plan', table: { pro: usd(5_000) } },
    });
    expect([changed.status, changed.body]).toMatchObject([200, { value: null, valueBy: { attribute: 'plan' } }]);
    expect((await grantOf(publication, reader.id)).value).toEqual(usd(3_000));
    await befriend();
    expect(await grantOf(publication, reader.id)).toMatchObject({ status: 'awaiting_approval', value: null });
  });

  test.each([
    [{ value: null }, 'value'],
    [{ valueBy: { attribute: 'plan', table: { a: usd(1) } } }, 'valueBy'],
    [{ percent: 10 }, 'percent'],
    [{ kind: 'custom' }, 'kind'],
    [{ account: 'company' }, 'account'],
    [{ code: 'X' }, 'code'],
  ])('is not changed into nonsense by %j', async (changes, path) => {
    const publication = await newPublication(app);
    const rewardId = await make(publication, { kind: 'credit', value: usd(3_000) });
    const answer = await publication.admin.patch(`/rewards/${rewardId}`, changes);
    expect([answer.status, answer.body.errors?.[0].path]).toEqual([422, path]);
  });

  test('of another publication is not found', async () => {
    const [own, other] = [await newPublication(app), await newPublication(app)];
    const rewardId = await make(other, { kind: 'gift_card', value: usd(2_500) });
    expect((await own.admin.patch(`/rewards/${rewardId}`, { name: 'Mine' })).status).toBe(404);
    expect((await refill(own, rewardId, 'Code\nA\n')).status).toBe(404);
  });
});

describe('a protected link', () => {
  const ADDRESS = 'https://files.example/secret-guide.pdf';

  test('is never shown: mail and hub hold a signed link of their own, which ends and is renewed', async () => {
    const publication = await newPublication(app);
    const rewardId = await make(publication, { kind: 'link', url: ADDRESS, protected: true });
    const { reader } = await earned(publication, rewardId);
    await app.tick();
    const mail = (await rewardMail(reader.email))!;
    expect([mail.text, mail.html].some((body) => body.includes('secret-guide'))).toBe(false);
    const kept = await app.rows(`select data::text from mails where subscriber_id = $1`, [reader.id]);
    expect(JSON.stringify(kept)).not.toContain('secret-guide');
    const [path] = /\/download\/[\w-]+/.exec(mail.text)!;
    const opened = await app.http.get(path);
    expect([opened.status, opened.headers.location, opened.headers['cache-control']]).toEqual([
      ...[302, ADDRESS, 'no-store'],
    ]);
    expect((await app.http.head(path)).status).toBe(302);

    app.advance(31 * DAY);
    expect((await app.http.get(path)).status).toBe(410);
    const token = app.token('hub', publication.id, reader.id, new Date(app.clock.now().getTime() + DAY));
    const hub = (await app.http.get(`/hub/${token}`)).text;
    expect(hub).not.toContain('secret-guide');
    const [renewed] = /\/download\/[\w-]+/.exec(hub)!;
    expect((await app.http.get(renewed)).headers.location).toBe(ADDRESS);
  });

  test('opens nothing with a token of another purpose, before it was sent, or of who was erased', async () => {
    const publication = await newPublication(app);
    const rewardId = await make(publication, { kind: 'link', url: ADDRESS, protected: true });
    const { reader } = await earned(publication, rewardId);
    const [grant] = await publication.grants({ subscriberId: reader.id });
    const soon = new Date(app.clock.now().getTime() + DAY);
    const open = (purpose: 'download' | 'claim', id: string) =>
      app.http.get(`/download/${app.token(purpose, publication.id, id, soon)}`).then(({ status }) => status);
    expect(await open('download', grant!.id)).toBe(410);
    await app.tick();
    expect([
      await open('download', grant!.id),
      await open('claim', grant!.id),
      await open('download', reader.id),
    ]).toEqual([...[302, 404, 404]]);
    await publication.admin.delete(`/subscribers/${reader.id}`);
    expect(await open('download', grant!.id)).toBe(410);
  });
});

describe('a gift card', () => {
  const byPlan = { kind: 'gift_card', valueBy: { attribute: 'plan', table: { lite: usd(2_500), pro: usd(10_000) } } };

  test('is a code of just its value, and who waits for a large one keeps nobody from a small one', async () => {
    const publication = await newPublication(app);
    const rewardId = await make(publication, byPlan);
    const big = await earned(publication, rewardId, { attributes: { plan: 'pro' } });
    const small = await publication.reader();
    await publication.signUp(undefined, {
      ref: small.code,
      confirmed: true,
      source: 'api',
      attributes: { plan: 'lite' },
    });
    expect(await grantOf(publication, big.reader.id)).toMatchObject({ status: 'out_of_stock', value: usd(10_000) });
    expect(await grantOf(publication, small.id)).toMatchObject({ status: 'out_of_stock', value: usd(2_500) });
    const added = await refill(publication, rewardId, 'Code,Value,Currency\nLITE-1,2500,USD\nLITE-2,2500,usd\n');
    expect([added.status, added.body]).toEqual([200, { added: 2, skipped: 0 }]);
    expect((await grantOf(publication, small.id)).status).toBe('due');
    expect((await grantOf(publication, big.reader.id)).status).toBe('out_of_stock');
    const { body } = await publication.admin.get(`/rewards/${rewardId}`);
    expect(body.stock).toEqual({ total: 2, free: 1, values: [{ value: usd(2_500), total: 2, free: 1 }] });
    await app.tick();
    expect((await rewardMail(small.email))!.text).toMatch(/gift card of \$25[^]*LITE-1/);
    expect((await ledgerOf(publication, small.id)).balances).toMatchObject([
      { kind: 'gift_card', unit: 'money', quantity: 2_500, currency: 'USD' },
    ]);
  });

  test.each([
    ['Code\nA\n', 'rows[0].Value'],
    ['Code,Value,Currency\nA,2500,EUR\n', 'rows[0].Value'],
    ['Code,Value,Currency\nA,2500,USD\nB,3000,USD\n', 'rows[1].Value'],
    ['Code,Value,Currency\nA,25.00,USD\n', 'rows[0].Value'],
    ['Code,Value,Currency\nA,2500,\n', 'rows[0].Currency'],
    ['Code,Value,Currency\nA,2500,XQX\n', 'rows[0].Currency'],
    ['Code,Value,Currency\n,2500,USD\n', 'rows[0].Code'],
  ])('takes no codes out of %j', async (csv, path) => {
    const publication = await newPublication(app);
    const rewardId = await make(publication, byPlan);
    const answer = await refill(publication, rewardId, csv);
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, path]);
    expect((await publication.admin.get(`/rewards/${rewardId}`)).body.stock.total).toBe(0);
  });

  test('of one value takes codes that do not say theirs', async () => {
    const publication = await newPublication(app);
    const rewardId = await make(publication, { kind: 'gift_card', value: usd(5_000) });
    expect((await refill(publication, rewardId, 'Code\nA\n')).body).toEqual({ added: 1, skipped: 0 });
    const { reader } = await earned(publication, rewardId);
    expect(await grantOf(publication, reader.id)).toMatchObject({ status: 'due', value: usd(5_000) });
  });

  test("that the publication's own system orders goes out without a code; the code is mailed when it is there", async () => {
    const publication = await newPublication(app);
    const rewardId = await make(publication, { kind: 'gift_card', value: usd(2_500), fulfilment: 'webhook' });
    expect((await refill(publication, rewardId, 'Code\nA\n')).body.code).toBe('reward/not-a-coupon');
    const { reader } = await earned(publication, rewardId);
    await app.tick();
    const grant = await grantOf(publication, reader.id);
    expect(grant).toMatchObject({ status: 'sent', value: usd(2_500) });
    expect((await rewardMail(reader.email))!.text).toContain('in a mail of its own');
    const answers = await Promise.all(
      range(10).map((n) => publication.admin.post(`/grants/${grant.id}/fulfil`, { code: `CARD-${n}` }).then()),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...range(9).map(() => 409)]);
    await app.tick();
    const cards = (await app.mails(reader.email)).filter(({ text }) => text.includes('CARD-'));
    expect(cards).toHaveLength(1);
  });

  test('is the only kind that is fulfilled with a code, and only without one of its own', async () => {
    for (const body of [{ kind: 'gift_card', value: usd(2_500) }, { kind: 'custom' }]) {
      const publication = await newPublication(app);
      const rewardId = await make(publication, body);
      if (body.kind === 'gift_card') await refill(publication, rewardId, 'Code\nA\n');
      const { reader } = await earned(publication, rewardId);
      const { id } = await grantOf(publication, reader.id);
      const answer = await publication.admin.post(`/grants/${id}/fulfil`, { code: 'B' });
      expect([answer.status, answer.body.errors?.[0].path]).toEqual([422, 'code']);
    }
  });
});

describe('credit', () => {
  test('by plan is that of the first purchase; before it nobody knows, and the grant waits', async () => {
    const publication = await newPublication(app);
    const table = { lite: usd(2_500), pro: usd(10_000) };
    const rewardId = await make(publication, { kind: 'credit', valueBy: { attribute: 'plan', table } });
    const { reader } = await earned(publication, rewardId);
    const [{ id: friendId }] = (await app.rows(`select referred_id as id from referrals where publication_id = $1`, [
      publication.id,
    ])) as [{ id: string }];
    const waiting = await grantOf(publication, reader.id);
    expect(waiting).toMatchObject({ status: 'awaiting_approval', reason: 'value_unknown', value: null });
    expect((await ledgerOf(publication, reader.id)).entries).toEqual([]);
    const refused = await publication.admin.post(`/grants/${waiting.id}/approve`);
    expect([refused.status, refused.body.code]).toEqual([409, 'grant/value-unknown']);

    const buy = (id: string, plan: string) =>
      publication.admin.post('/events', { id, type: 'purchased', subscriberId: friendId, plan, value: usd(1) });
    await buy('first', 'pro');
    expect(await grantOf(publication, reader.id)).toMatchObject({ status: 'due', reason: null, value: usd(10_000) });
    await buy('second', 'lite');
    expect(await grantOf(publication, reader.id)).toMatchObject({ value: usd(10_000) });
    await app.tick();
    expect((await rewardMail(reader.email))!.text).toContain('$100 goes on your account');
  });

  test('of a plan that is not in the table is what a person sets, and nothing else can be', async () => {
    const publication = await newPublication(app);
    const valueBy = { attribute: 'plan', table: { pro: usd(10_000) } };
    const rewardId = await make(publication, { kind: 'credit', valueBy });
    const { reader } = await earned(publication, rewardId, { attributes: { plan: 'odd' } });
    const { id } = await grantOf(publication, reader.id);
    const approved = await publication.admin.post(`/grants/${id}/approve`, { value: usd(700) });
    expect([approved.status, approved.body]).toMatchObject([200, { status: 'due', reason: null, value: usd(700) }]);
    expect((await ledgerOf(publication, reader.id)).balances).toMatchObject([{ quantity: 700 }]);

    const custom = await publication.milestone({ threshold: 1, approval: 'manual', past: 'grant' });
    const [grant] = await publication.grants({ milestoneId: custom.id });
    const refused = await publication.admin.post(`/grants/${grant!.id}/approve`, { value: usd(700) });
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, 'value']);
  });

  test("per seat keeps its whole value; a year uses as much as the recipient's own bill, not a cent more", async () => {
    const publication = await newPublication(app);
    const rewardId = await make(publication, {
      ...{ kind: 'credit', perUnit: { unit: 'seats', value: usd(2_000) } },
      ...{ ceilingPercent: 100, ceilingOf: 'annualBill', ceilingPer: 'year' },
    });
    await publication.milestone({ threshold: 1, every: 1, rewardId, stage: 'purchased' });
    const reader = await publication.reader(undefined, { attributes: { annualBill: 60_001 } });
    const { friend } = await publication.verifiedFriend(reader.code);
    await publication.admin.post('/events', { id: 'p1', type: 'purchased', subscriberId: friend.id, seats: 70 });
    expect(await grantOf(publication, reader.id)).toMatchObject({ status: 'due', value: usd(140_000) });
    const year = app.clock.now().getUTCFullYear();
    expect((await ledgerOf(publication, reader.id)).schedule).toMatchObject([
      {
        applied: [
          { period: String(year), amount: 60_001, percent: null },
          { period: String(year + 1), amount: 60_001 },
          { period: String(year + 2), amount: 19_998 },
        ],
        left: 0,
      },
    ]);
  });

  test('under a ceiling of an unknown bill waits, until the bill is told and a person approves', async () => {
    const publication = await newPublication(app);
    const rewardId = await make(publication, {
      ...{ kind: 'credit', value: usd(2_000), ceilingPercent: 50, ceilingOf: 'bill', account: 'company' },
    });
    const { reader } = await earned(publication, rewardId);
    const grant = await grantOf(publication, reader.id);
    expect(grant).toMatchObject({ status: 'awaiting_approval', reason: 'bill_unknown' });
    await publication.admin.patch(`/subscribers/${reader.id}`, { attributes: { bill: 100, company: 'Mill & Stone' } });
    const approved = await publication.admin.post(`/grants/${grant.id}/approve`);
    expect(approved.body).toMatchObject({ status: 'due', company: 'Mill & Stone', value: usd(2_000) });
    expect((await ledgerOf(publication, reader.id)).balances).toMatchObject([{ company: 'Mill & Stone' }]);
  });
});

describe('a discount', () => {
  test('of a whole month moves on to the following ones when there is more than one', async () => {
    const publication = await newPublication(app);
    const rewardId = await make(publication, { kind: 'discount', percent: 100, ceilingPercent: 100 });
    const { reader, befriend } = await earned(publication, rewardId);
    await befriend();
    await befriend();
    await app.tick();
    const { body } = await publication.admin.get(`/grants?subscriberId=${reader.id}`);
    expect(body.data.map((grant: { status: string; percent: number }) => [grant.status, grant.percent])).toEqual(
      range(3).map(() => ['sent', 100]),
    );
    const ledger = await ledgerOf(publication, reader.id);
    expect(ledger.balances).toMatchObject([{ kind: 'discount', unit: 'percent', quantity: 300, currency: null }]);
    const now = app.clock.now();
    const months = range(3).map((n) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + n)));
    expect(ledger.schedule.flatMap(({ applied }: { applied: object[] }) => applied)).toEqual(
      months.map((month) => ({ period: month.toISOString().slice(0, 7), percent: 100, amount: null })),
    );
  });
});

test('an access is an entitlement from when it is sent; another of the same one goes on after it', async () => {
  const publication = await newPublication(app);
  const rewardId = await make(publication, { kind: 'access', months: 3, url: 'https://school.example/' });
  const { reader, befriend } = await earned(publication, rewardId);
  const entitled = async () => (await publication.admin.get(`/subscribers/${reader.id}/entitlements`)).body.data;
  expect(await entitled()).toEqual([]);
  await befriend();
  await app.tick();
  const [first, second] = await entitled();
  expect(second.from).toBe(first.until);
  expect(first).toMatchObject({ reward: { id: rewardId } });
  expect((await ledgerOf(publication, reader.id)).balances).toMatchObject([{ unit: 'month', quantity: 6 }]);
  const stranger = await newPublication(app);
  for (const what of ['ledger', 'entitlements']) {
    expect((await stranger.admin.get(`/subscribers/${reader.id}/${what}`)).status).toBe(404);
  }
});

test('an entry is counted in pieces', async () => {
  const publication = await newPublication(app);
  const { reader } = await earned(publication, await make(publication, { kind: 'entry' }));
  await app.tick();
  expect((await ledgerOf(publication, reader.id)).balances).toMatchObject([
    { kind: 'entry', unit: 'piece', quantity: 1 },
  ]);
  expect((await rewardMail(reader.email))!.text).toContain('in the draw');
});

test('codes of gift cards that run low are told of, by their value', async () => {
  const publication = await newPublication(app);
  await publication.admin.post('/webhooks', { url: 'https://hooks.invalid/', events: ['reward.low_stock'] });
  const rewardId = await make(publication, { kind: 'gift_card', value: usd(2_500) });
  await refill(publication, rewardId, `Code\n${range(26).join('\n')}\n`);
  const { befriend } = await earned(publication, rewardId);
  await befriend();
  const told = await app.rows(`select data from webhook_deliveries where publication_id = $1`, [publication.id]);
  expect(told.map(({ data }) => data)).toEqual([
    expect.objectContaining({
      value: usd(2_500),
      total: 26,
      free: 25,
      reward: expect.objectContaining({ id: rewardId }),
    }),
  ]);
});
