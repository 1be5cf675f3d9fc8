import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../src/domain/email.js';
import { WebhookBody } from '../../src/http/api/webhooks.schema.js';
import { CleanUp } from '../../src/flows/clean-up.js';
import { Join } from '../../src/flows/join.js';
import { Leave } from '../../src/flows/leave.js';
import { Restock } from '../../src/flows/restock.js';
import { RandomBytes } from '../../src/platform/random.js';
import { Seal } from '../../src/platform/seal.js';
import type { Webhook as WebhookRow } from '../../src/webhooks/webhook.entities.js';
import { WebhookSecrets } from '../../src/webhooks/webhook-secrets.js';
import { DAY, MINUTE, SECRET_KEY, startApp } from '../support/app.js';
import { inFlight, newPublication, range } from '../support/make.js';
import { webhooksOf } from '../support/webhook-endpoints.js';

const app = await startApp();
const { listening } = webhooksOf(app);

describe('what happens is told', () => {
  test('from signup to reward, in order, signed, and as the document says', async () => {
    const { publication, receiver, secret, deliveries } = await listening();
    await publication.milestone({ threshold: 1 });
    const reader = await publication.reader('ana@mail.example');
    const { friend, referral } = await publication.verifiedFriend(reader.code, 'ben@mail.example');
    await app.tick();
    await app.get(Leave).run(publication.id, friend.id, 'unsubscribed', 'mail');
    await app.tick();
    expect([...receiver.types].sort()).toEqual(
      [
        ...['subscriber.created', 'subscriber.confirmed'], // Ana
        ...['subscriber.created', 'referral.pending', 'subscriber.confirmed', 'referral.verified', 'milestone.reached'],
        ...['grant.sent', 'subscriber.unsubscribed'],
      ].sort(),
    );
    const got = receiver.verified(secret);
    for (const { text } of got) expect(WebhookBody.safeParse(JSON.parse(text)).error).toBeUndefined();
    const of = (type: string, id?: string) =>
      got.find(({ body }) => body.type === type && (!id || body.data.id === id))!.body;
    expect(of('subscriber.confirmed', reader.id).data).toMatchObject({
      email: 'ana@mail.example',
      status: 'active',
      shareCode: reader.code,
      shareUrl: `${app.url}/r/${reader.code}`,
    });
    expect(of('referral.verified').data).toMatchObject({
      id: referral.id,
      state: 'verified',
      referrer: { id: reader.id, email: 'ana@mail.example', shareCode: reader.code },
      referred: { id: friend.id, email: 'ben@mail.example', status: 'active' },
    });
    expect(of('grant.sent').data).toMatchObject({ status: 'sent', subscriber: { id: reader.id }, count: 1 });
    expect(of('subscriber.unsubscribed').data).toMatchObject({ id: friend.id, status: 'unsubscribed' });
    expect((await deliveries()).map(({ type }) => type).reverse().slice(2, 7)).toEqual([
      'subscriber.created', 'referral.pending', 'subscriber.confirmed', 'referral.verified', 'milestone.reached',
    ]); // prettier-ignore
  });

  test('a referral that is held, one that is refused; a grant that is revoked, one that is fulfilled', async () => {
    const { publication, receiver } = await listening([
      'referral.held',
      'referral.rejected',
      'grant.revoked',
      'grant.fulfilled',
    ]);
    await publication.milestone({ threshold: 1, every: 1, approval: 'manual' });
    const reader = await publication.reader('ana@mail.example');
    await inFlight(1, range(2), () => publication.verifiedFriend(reader.code));
    const [first, second] = await publication.grants();
    await publication.admin.post(`/grants/${first!.id}/revoke`, { reason: 'a mistake' });
    await publication.admin.post(`/grants/${second!.id}/approve`);
    await app.tick();
    await publication.admin.post(`/grants/${second!.id}/fulfil`);
    await publication.verifiedFriend(reader.code, 'ana+alias@mail.example');
    await publication.changeProgram({ holdDays: 3 });
    await publication.verifiedFriend(reader.code);
    await app.tick();
    expect([...receiver.types].sort()).toEqual([
      'grant.fulfilled',
      'grant.revoked',
      'referral.held',
      'referral.rejected',
    ]);
    const of = (type: string) => receiver.got.find(({ body }) => body.type === type)!.body.data;
    expect(of('grant.revoked')).toMatchObject({ id: first!.id, status: 'revoked', reason: 'a mistake' });
    expect(of('referral.held')).toMatchObject({ state: 'held', heldFor: 'delay' });
    expect(of('referral.rejected').reasons).toMatchObject([{ code: expect.stringContaining('alias') }]);
  });

  test('a pool that runs low is told of once, and once more after a refill', async () => {
    const { publication, receiver } = await listening(['reward.low_stock']);
    const reward = await publication.coupon(range(28).map((n) => `A-${n}`));
    await publication.milestone({ threshold: 1, every: 1, rewardId: reward.id });
    const reader = await publication.reader();
    const friends = (count: number) => inFlight(5, range(count), () => publication.verifiedFriend(reader.code));
    await friends(2);
    await app.tick();
    expect(receiver.types).toEqual([]);
    await friends(8);
    await app.tick();
    expect(receiver.got.map(({ body }) => body.data)).toEqual([
      { reward: { id: reward.id, name: reward.name }, value: null, total: 28, free: expect.any(Number) },
    ]);
    await app.get(Restock).run(publication.id, reward.id, range(2).map((n) => `B-${n}`)); // prettier-ignore
    await friends(3);
    await app.tick();
    expect(receiver.types).toEqual(['reward.low_stock', 'reward.low_stock']);
  });

  test('only what was asked for, only of the own publication, and nothing of what was undone', async () => {
    const [mine, other] = [await listening(['subscriber.created']), await listening()];
    const reader = await mine.publication.reader();
    // The last step of a signup fails, when its events have been written.
    const parsed = parseAddress('gone@mail.example');
    const activate = { within: () => Promise.reject(new Error('undone')) };
    const join = Object.create(app.get(Join), { activate: { value: activate } }) as Join;
    await expect(
      join.run(mine.publication.row, {
        address: parsed.ok ? parsed.address : expect.fail('the address was refused'),
        firstName: null,
        locale: null,
        attributes: {},
        externalId: null,
        heardFrom: null,
        presented: { ref: null, clicks: [], content: null, channel: null },
        confirmed: true,
        source: 'api',
      }),
    ).rejects.toThrow('undone');
    await app.tick();
    expect(mine.receiver.got.map(({ body }) => [body.type, body.data.id])).toEqual([['subscriber.created', reader.id]]);
    expect(other.receiver.got).toEqual([]);
    expect(await app.rows(`select 1 from subscribers where email = 'gone@mail.example'`)).toEqual([]);
  });

  test('of 50 friends who confirm at once each event comes once', { timeout: 60_000 }, async () => {
    const { publication, receiver, secret } = await listening();
    const reader = await publication.reader();
    const tokens = await inFlight(10, range(50), async () => {
      const { id } = await publication.signUp(undefined, { ref: reader.code });
      return app.confirmToken(publication.id, id);
    });
    await Promise.all(tokens.flatMap((token) => [token, token]).map((token) => app.http.post(`/confirm/${token}`)));
    await app.tick();
    const count = (type: string) => receiver.types.filter((one) => one === type).length;
    expect([count('subscriber.created'), count('referral.pending')]).toEqual([51, 50]);
    expect([count('subscriber.confirmed'), count('referral.verified')]).toEqual([51, 50]);
    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(receiver.got.length);
    expect(receiver.verified(secret)).toHaveLength(202);
  });

  test('where nobody listens a happening costs one look and writes nothing', async () => {
    const publication = await newPublication(app);
    await publication.reader();
    expect(await app.rows(`select 1 from webhook_deliveries where publication_id = $1`, [publication.id])).toEqual([]);
  });
});

test('what was told is forgotten after 30 days, with the addresses in it', async () => {
  const { publication, deliveries } = await listening(['subscriber.created']);
  await publication.signUp();
  await app.tick();
  app.advance(29 * DAY);
  await publication.signUp();
  await app.get(CleanUp).run();
  expect(await deliveries()).toHaveLength(2);
  app.advance(DAY + MINUTE);
  await app.get(CleanUp).run();
  expect(await deliveries()).toHaveLength(1);
});

describe('staff', () => {
  test('make, see, change and remove endpoints; the secret shows once', async () => {
    const publication = await newPublication(app);
    const made = await publication.admin.post('/webhooks', { url: 'https://crm.example/hook', events: ['*', '*'] });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ url: 'https://crm.example/hook', events: ['*'], enabled: true });
    expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const [stored] = await app.rows(`select secret from webhooks where id = $1`, [made.body.id]);
    expect(stored!.secret.includes(made.body.secret)).toBe(false);
    const { secret: _, ...shown } = made.body;
    expect((await publication.admin.get('/webhooks')).body).toEqual({ data: [shown], nextCursor: null });
    expect((await publication.admin.get(`/webhooks/${made.body.id}`)).body).toEqual(shown);
    const changed = await publication.admin.patch(`/webhooks/${made.body.id}`, {
      events: ['lead.qualified'],
      enabled: false,
    });
    expect(changed.body).toMatchObject({ events: ['lead.qualified'], enabled: false, offReason: 'staff' });
    expect((await publication.admin.delete(`/webhooks/${made.body.id}`)).status).toBe(204);
    expect((await publication.admin.delete(`/webhooks/${made.body.id}`)).status).toBe(404);
  });

  test.each([
    [{ url: 'https://10.0.0.1/' }, 'url'],
    [{ url: 'http://crm.example/' }, 'url'],
    [{ url: 'https://user:pass@crm.example/' }, 'url'],
    [{ url: 'https://crm.example/', events: [] }, 'events'],
    [{ url: 'https://crm.example/', events: ['subscriber.eaten'] }, 'events[0]'],
    [{ events: ['*'] }, 'url'],
  ])('cannot make %j', async (body, path) => {
    const publication = await newPublication(app);
    const answer = await publication.admin.post('/webhooks', body);
    expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([422, path]);
  });

  test('may have 20 endpoints, however many they make at once', async () => {
    const publication = await newPublication(app);
    const answers = await inFlight(10, range(25), async (n) => publication.admin.post('/webhooks', { url: `https://crm.example/${n}`, events: ['*'] })); // prettier-ignore
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(answers.find(({ status }) => status !== 201)!.body.code).toBe('webhook/too-many');
    const first = await publication.admin.get('/webhooks?limit=15');
    const rest = await publication.admin.get(`/webhooks?limit=15&after=${first.body.nextCursor}`);
    expect(new Set([...first.body.data, ...rest.body.data].map(({ id }: { id: string }) => id)).size).toBe(20);
  });

  test('change over to a new secret in a day: both sign, then the new one alone', async () => {
    const { publication, receiver, secret, id } = await listening(['subscriber.created']);
    const rotated = await publication.admin.post(`/webhooks/${id}/rotate-secret`);
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).not.toBe(secret);
    await publication.signUp();
    await app.tick();
    expect(receiver.got[0]!.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const one of [secret, rotated.body.secret]) expect(receiver.verified(one)).toHaveLength(1);
    app.advance(DAY + MINUTE);
    await publication.signUp();
    await app.tick();
    const { text, headers } = receiver.got[1]!;
    const verify = (one: string) => new Webhook(one).verify(text, headers as Record<string, string>);
    expect(() => verify(secret)).toThrow();
    expect(verify(rotated.body.secret)).toMatchObject({ type: 'subscriber.created' });
  });

  test('of another publication see and move nothing', async () => {
    const [{ publication, id, deliveries }, other] = [await listening(), await newPublication(app)];
    await publication.signUp();
    const [delivery] = await deliveries();
    const answers = await Promise.all([
      other.admin.get(`/webhooks/${id}`),
      other.admin.patch(`/webhooks/${id}`, { enabled: false }),
      other.admin.delete(`/webhooks/${id}`),
      other.admin.get(`/webhooks/${id}/deliveries`),
      other.admin.post(`/webhooks/${id}/rotate-secret`),
      other.admin.post(`/deliveries/${delivery!.id}/replay`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
    for (const role of ['editor', 'marketing', 'site'] as const) {
      expect((await app.api(await publication.key(role)).get('/webhooks')).status).toBe(403);
    }
    await app.tick();
  });

  test('remove an endpoint while readers sign up: no signup fails', async () => {
    const { publication, id } = await listening();
    const signups = inFlight(10, range(40), () => publication.signUp());
    await sleep(20);
    expect((await publication.admin.delete(`/webhooks/${id}`)).status).toBe(204);
    expect(await signups).toHaveLength(40);
    expect(await app.rows(`select 1 from webhook_deliveries where webhook_id = $1`, [id])).toEqual([]);
  });

  test('change the SECRET_KEY: receivers notice nothing', async () => {
    const { secret, id } = await listening();
    const random = new RandomBytes();
    const secretsWith = (keys: string[]) => new WebhookSecrets(app.database, random, new Seal(keys, random));
    const read = async (secrets: WebhookSecrets) => {
      const [row] = await app.rows<WebhookRow & { webhookId: string }>(
        `select *, id as webhook_id from webhooks where id = $1`,
        [id],
      );
      return secrets.inForce(row!, app.clock.now());
    };
    const next = 'the next secret key of the tests, long enough';
    await secretsWith([next, SECRET_KEY]).onApplicationBootstrap();
    expect(await read(secretsWith([next]))).toEqual([secret]);
    await secretsWith([SECRET_KEY, next]).onApplicationBootstrap();
    expect(await read(secretsWith([SECRET_KEY]))).toEqual([secret]);
  });
});
