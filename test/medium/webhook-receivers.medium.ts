import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { claimDeliveries } from '../../src/webhooks/delivery.store.js';
import { SafeFetch } from '../../src/webhooks/safe-fetch.js';
import { WebhookWorker } from '../../src/webhooks/webhook.worker.js';
import { DAY, HOUR, MINUTE, startApp } from '../support/app.js';
import { inFlight, range } from '../support/make.js';
import { BEHAVE, type Behaviour } from '../support/receiver.js';
import { type SeenDelivery, webhooksOf } from '../support/webhook-endpoints.js';

const app = await startApp();
Object.assign(app.get(SafeFetch), { timeoutMs: 400 });
const { listening, newEndpoint } = webhooksOf(app);

describe('a receiver that', () => {
  /** One delivery to a receiver that behaves so. */
  async function told(behaviour: Behaviour) {
    const made = await listening(['subscriber.created'], behaviour);
    await made.publication.signUp();
    await app.tick();
    return made;
  }
  const waits = ({ nextTryAt }: SeenDelivery) => new Date(nextTryAt!).getTime() - app.clock.now().getTime();

  test.each<[string, Behaviour, number | null, RegExp]>([
    ['hangs', BEHAVE.hang, null, /^no answer within/],
    ['resets', BEHAVE.reset, null, /^ECONNRESET$/],
    ['talks rubbish', BEHAVE.garbage, null, /^HPE_/],
    ['drips headers', BEHAVE.slowHeaders, null, /^no answer within|^HPE_/],
    ['answers 500', BEHAVE.answer(500, {}, 'oops'), 500, /^answered 500$/],
    ['answers 404', BEHAVE.answer(404), 404, /^answered 404$/],
    ['redirects', BEHAVE.answer(302, { location: 'http://169.254.169.254/' }), 302, /^redirects are not followed$/],
  ])('%s is tried again 5 s later with the same id', async (_, behaviour, status, error) => {
    const { receiver, deliveries, state } = await told(behaviour);
    const [delivery] = await deliveries();
    expect(delivery).toMatchObject({ state: 'waiting', tries: [{ status, error: expect.stringMatching(error) }] });
    expect(waits(delivery!)).toBeLessThanOrEqual(5_000);
    expect((await state()).failingSince).not.toBeNull();
    receiver.behaviour = BEHAVE.well;
    app.advance(5_000);
    await app.tick();
    expect(new Set(receiver.got.map(({ id }) => id))).toEqual(new Set([delivery!.id]));
    expect((await deliveries())[0]).toMatchObject({
      state: 'delivered',
      tries: [{ status }, { status: 204, error: null }],
    });
    expect((await state()).failingSince).toBeNull();
  });

  test('refuses connections is tried again', async () => {
    const { receiver, publication, deliveries } = await listening(['subscriber.created']);
    await receiver.stop();
    await publication.signUp();
    await app.tick();
    expect(await deliveries()).toMatchObject([{ state: 'waiting', tries: [{ status: null, error: 'ECONNREFUSED' }] }]);
  });

  test.each([
    ['talks without an end', BEHAVE.endlessBody],
    ['drips its body', BEHAVE.slowBody],
  ])('says yes and %s has been told, once', async (_, behaviour) => {
    const { receiver, deliveries } = await told(behaviour);
    expect(await deliveries()).toMatchObject([{ state: 'delivered', tries: [{ status: 200 }] }]);
    app.advance(DAY);
    await app.tick();
    expect(receiver.got).toHaveLength(1);
  });

  test('fails three times is told at the fourth, each try signed anew', async () => {
    const { receiver, secret, deliveries } = await told(BEHAVE.wellAfter(3));
    for (const wait of [5_000, 5 * MINUTE, 30 * MINUTE, DAY]) {
      app.advance(wait);
      await sleep(350); // signatures carry whole seconds of real time
      await app.tick();
    }
    expect(receiver.verified(secret)).toHaveLength(4);
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-timestamp'])).size).toBeGreaterThan(1);
    expect(new Set(receiver.got.map(({ text }) => text)).size).toBe(1);
    expect((await deliveries())[0]).toMatchObject({ state: 'delivered', nextTryAt: null });
  });

  test('never recovers is tried ten times, then no more; a replay begins anew', async () => {
    const { publication, receiver, deliveries, state } = await told(BEHAVE.answer(500, {}, 'x'.repeat(2_000)));
    for (const hours of [0.01, 0.1, 0.5, 2, 5, 10, 14, 20, 24, 24, 24]) {
      await publication.app.tick();
      app.advance(hours * HOUR);
      if (receiver.got.length < 9) expect((await state()).enabled).toBe(true);
    }
    const [delivery] = await deliveries();
    expect([receiver.got.length, delivery!.state, delivery!.tries.length]).toEqual([10, 'failed', 10]);
    expect(delivery!.tries[0]!.answer).toHaveLength(1_000);
    receiver.behaviour = BEHAVE.well;
    const replayed = await publication.admin.post(`/deliveries/${delivery!.id}/replay`);
    expect([replayed.status, replayed.body.state]).toEqual([200, 'waiting']);
    await app.tick();
    expect(receiver.got.at(-1)!.id).toBe(delivery!.id);
    expect((await deliveries())[0]).toMatchObject({ state: 'delivered' });
  });

  test.each([
    [429, '600'],
    [503, '600'],
  ])(
    'answers %i with Retry-After is left alone until then, with everything else that goes there',
    async (status, seconds) => {
      const { publication, receiver, state } = await told(BEHAVE.answer(status, { 'retry-after': seconds }));
      expect(receiver.got).toHaveLength(1);
      receiver.behaviour = BEHAVE.well;
      await publication.signUp();
      app.advance(9 * MINUTE);
      await app.tick();
      expect(receiver.got).toHaveLength(1);
      expect((await state()).pausedUntil).not.toBeNull();
      app.advance(MINUTE);
      await app.tick();
      expect(receiver.got).toHaveLength(3);
    },
  );

  test('answers 410 is switched off at once, and the publication told, once', async () => {
    const { publication, receiver, state } = await told(BEHAVE.answer(410));
    expect(await state()).toMatchObject({ enabled: false, offReason: 'gone' });
    await publication.signUp();
    app.advance(5 * DAY);
    await app.tick();
    expect(receiver.got).toHaveLength(1);
    const mails = await app.mails(publication.row.fromEmail);
    expect(mails.map(({ subject }) => subject)).toEqual([`A webhook of ${publication.row.name} was switched off`]);
    expect(mails[0]!.text).toContain(receiver.url);
    expect(mails[0]!.headers).not.toHaveProperty('List-Unsubscribe');
  });

  test('fails for five days is switched off, told of by mail, and can be switched on again', async () => {
    const { publication, receiver, id, state, deliveries } = await told(BEHAVE.answer(500));
    await inFlight(1, range(4), async () => {
      app.advance(DAY);
      await app.tick();
      expect((await state()).enabled).toBe(true);
    });
    await publication.signUp();
    app.advance(DAY);
    await app.tick();
    expect(await state()).toMatchObject({ enabled: false, offReason: 'failing' });
    expect(await app.mails(publication.row.fromEmail)).toHaveLength(1);
    const tried = receiver.got.length;
    app.advance(DAY);
    await app.tick();
    expect(receiver.got).toHaveLength(tried);
    const [delivery] = await deliveries();
    expect((await publication.admin.post(`/deliveries/${delivery!.id}/replay`)).body.code).toBe('webhook/off');
    receiver.behaviour = BEHAVE.well;
    const on = await publication.admin.patch(`/webhooks/${id}`, { enabled: true });
    expect(on.body).toMatchObject({ enabled: true, offReason: null, failingSince: null });
    await app.tick();
    expect((await deliveries()).map((one) => one.state)).toEqual(['delivered', 'delivered']);
  });

  test('hangs holds up no other, and neither does its mountain of deliveries', async () => {
    const { publication, receiver: slow } = await listening(['subscriber.created'], BEHAVE.hang);
    const quick = await newEndpoint(publication, ['subscriber.created']);
    await inFlight(5, range(30), () => publication.signUp());
    const ticking = app.tick();
    while (quick.receiver.got.length < 30) await sleep(20);
    // The quick one has all of its own while the mountain of the slow one stands: they share no queue.
    expect(slow.got.length).toBeLessThan(30);
    slow.behaviour = BEHAVE.well;
    await ticking;
  });
});

describe('nothing that was promised is lost', () => {
  test('a killed worker leaves a lease; when it ends the delivery is made again, with the same id', async () => {
    const { publication, receiver, id, deliveries } = await listening(['subscriber.created']);
    await publication.signUp();
    const now = app.clock.now();
    const [claimed] = await claimDeliveries(app.database.reader, publication.id, id, now, 5);
    expect(await claimDeliveries(app.database.reader, publication.id, id, now, 5)).toEqual([]);
    await app.rows(
      `update webhook_deliveries set lease_until = clock_timestamp() - interval '1 second' where publication_id = $1 and id = $2`,
      [publication.id, claimed!.id],
    );
    await app.tick();
    expect(receiver.got.map((got) => got.id)).toEqual([claimed!.id]);
    expect((await deliveries())[0]).toMatchObject({ state: 'delivered' });
  });

  test('a success is noted when the database is back, and not told twice', async () => {
    const { publication, receiver, deliveries } = await listening(['subscriber.created']);
    await publication.signUp();
    const query = app.database.source.manager.query.bind(app.database.source.manager);
    let away = 3;
    Object.assign(app.database.source.manager, {
      query: (sql: string, parameters?: unknown[]) =>
        sql.includes('with settled') && away-- > 0
          ? Promise.reject(Object.assign(new Error('gone'), { code: '57P01' }))
          : query(sql, parameters as never),
    });
    try {
      await app.tick();
    } finally {
      Object.assign(app.database.source.manager, { query });
    }
    expect(away).toBe(-1);
    expect(receiver.got).toHaveLength(1);
    expect((await deliveries())[0]).toMatchObject({ state: 'delivered', tries: [{ status: 204 }] });
  });
});

test('a stop breaks off what hangs, and gives it back', async () => {
  const { publication, receiver, deliveries } = await listening(['subscriber.created'], BEHAVE.hang);
  await publication.signUp();
  Object.assign(app.get(SafeFetch), { timeoutMs: 20_000 });
  const worker = app.get(WebhookWorker);
  const draining = worker.drain(() => Promise.resolve());
  while (receiver.got.length === 0) await sleep(20);
  await worker.stop();
  await draining;
  // Waited for to its end it would have been a try, "no answer within".
  expect(await deliveries()).toMatchObject([{ state: 'waiting', tries: [] }]);
  const [row] = await app.rows(`select attempts, lease_until from webhook_deliveries where publication_id = $1`, [
    publication.id,
  ]);
  expect(row).toEqual({ attempts: 0, leaseUntil: null });
});
