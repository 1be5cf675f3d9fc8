import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { RunImports } from '../../src/flows/run-imports.js';
import { DeliverWebhooks } from '../../src/flows/deliver-webhooks.js';
import { SendMails } from '../../src/flows/send-mails.js';
import { MAIL_TRANSPORT, type MailTransport } from '../../src/mail/transport.js';
import { holdGrant } from '../../src/milestones/grant.store.js';
import { Ids } from '../../src/platform/clock.js';
import { holdReferral } from '../../src/referrals/shown-referral.store.js';
import { insertDeliveries } from '../../src/webhooks/delivery.store.js';
import { startApp } from '../support/app.js';
import { send } from '../support/imports.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';
import { tracesOf } from '../support/traces.js';
import { webhooksOf } from '../support/webhook-endpoints.js';

const app = await startApp();
const { listening } = webhooksOf(app);

const erase = async (publication: TestPublication, id: string) =>
  (await publication.admin.delete(`/subscribers/${id}`)).status;
const statusOf = async (id: string) =>
  (await app.rows('select status from subscribers where id = $1', [id]))[0]!.status;
const address = (marker: string, n: number) => `${marker}.${n}@${marker}.example`;

/** Deadlocks that the database broke since it was made. */
async function deadlocks(): Promise<number> {
  const [row] = await app.rows(`select deadlocks::int from pg_stat_database where datname = current_database()`);
  return row!.deadlocks as number;
}

describe('erasing while other things happen', { timeout: 120_000 }, () => {
  test('50 times at once is once', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.reader();
    const statuses = await Promise.all(range(50).map(() => erase(publication, id)));
    expect(new Set(statuses)).toEqual(new Set([204]));
    const withdrawn = await app.rows(`select 1 from consents where subscriber_id = $1 and act = 'withdrawn'`, [id]);
    expect(withdrawn).toHaveLength(1);
  });

  test('50 people who referred each other, and whom webhooks tell of together', async () => {
    const before = await deadlocks();
    const { publication } = await listening();
    const marker = 'qwxchain';
    const chain: { id: string; code: string }[] = [];
    for (const n of range(50)) {
      chain.push(await publication.reader(address(marker, n), n === 0 ? {} : { ref: chain[n - 1]!.code }));
    }
    expect(new Set(await inFlight(50, chain, ({ id }) => erase(publication, id)))).toEqual(new Set([204]));
    expect(await tracesOf(app, marker)).toEqual([]);
    expect(
      await app.rows(`select 1 from referrals where publication_id = $1 and state = 'verified'`, [publication.id]),
    ).toHaveLength(49);
    expect((await deadlocks()) - before).toBe(0);
  });

  test('friends confirm, sign up again and are handed rewards while they and their referrer are erased', async () => {
    const before = await deadlocks();
    const marker = 'qwxcrowd';
    const { publication } = await listening();
    for (const recipient of ['referrer', 'referred'] as const) {
      await publication.milestone({ threshold: 1, every: recipient === 'referrer' ? 1 : null, recipient });
    }
    const referrer = await publication.reader(address(marker, 0));
    const friends = await inFlight(10, range(25), async (n) => {
      const friend = await publication.signUp(address(marker, n + 1), { ref: referrer.code });
      return { ...friend, token: await app.confirmToken(publication.id, friend.id) };
    });
    const post = (path: string, body: object = {}) =>
      publication.admin.post(path, body).set('idempotency-key', randomUUID());
    const acts = friends.flatMap(({ id, email, token }) => [
      async () => (await app.http.post(`/confirm/${token}`)).status,
      () => erase(publication, id),
      async () => (await post('/subscribers', { email, ref: referrer.code })).status,
      async () => (await post(`/subscribers/${id}/unsubscribe`)).status,
    ]);
    acts.splice(
      40,
      0,
      () => erase(publication, referrer.id),
      async () => (await app.tick(), 200),
    );
    acts.splice(70, 0, async () => (await app.tick(), 200));
    const statuses = await inFlight(50, acts, (act) => act());
    expect(statuses.filter((status) => ![200, 201, 204, 410].includes(status))).toEqual([]);
    for (const { id } of [referrer, ...friends]) expect(await statusOf(id)).toBe('erased');
    // Who signed up again after having been erased is a reader by their own will: with them goes the rest.
    const { body } = await publication.admin.get('/subscribers?limit=200');
    for (const { id, status } of body.data) if (status !== 'erased') expect(await erase(publication, id)).toBe(204);
    expect(await tracesOf(app, marker)).toEqual([]);
    const verified = await app.rows(`select 1 from referrals where publication_id = $1 and state = 'verified'`, [
      publication.id,
    ]);
    expect(await publication.countOf(referrer.id)).toBe(verified.length);
    expect((await deadlocks()) - before).toBe(0);
  });

  test('a file with the same people is taken in', async () => {
    const before = await deadlocks();
    const marker = 'qwxfile';
    const publication = await newPublication(app);
    const readers = await inFlight(10, range(30), (n) => publication.reader(address(marker, n)));
    const others = range(3_000).map((n) => `someone-${n}@mail.example,Someone`);
    const rows = readers.flatMap(({ email }, n) => [...others.slice(n * 100, n * 100 + 100), `${email},Qwxfile`]);
    // One is there when the erasing begins, another comes while it goes on.
    await send(publication, ['email,firstName', ...rows].join('\n'));
    const run = async () => {
      for (let n = 0; n < 40; n++) await app.get(RunImports).step(publication.id);
    };
    const [statuses] = await Promise.all([
      inFlight(10, readers, ({ id }) => erase(publication, id)),
      ...[run(), run()],
      send(publication, ['email,firstName', ...rows].join('\n')),
    ]);
    await app.tick();
    expect(new Set(statuses)).toEqual(new Set([204]));
    expect(
      await app.rows(`select state from imports where publication_id = $1 and state <> 'done'`, [publication.id]),
    ).toEqual([]);
    const active = await app.rows(
      `select count(*)::int as n from subscribers where publication_id = $1 and status = 'active'`,
      [publication.id],
    );
    expect(active[0]!.n).toBe(others.length);
    expect(await tracesOf(app, marker)).toEqual([]);
    expect((await deadlocks()) - before).toBe(0);
  });

  test('somebody has read who they are and has not written it down yet', async () => {
    const marker = 'qwxtold';
    const { publication } = await listening();
    const statuses: Promise<number>[] = [];
    const milestone = await publication.milestone({ threshold: 1, recipient: 'referred', approval: 'manual' });
    for (const n of range(2)) {
      const referrer = await publication.reader();
      const { friend, referral } = await publication.verifiedFriend(referrer.code, address(marker, n));
      const [grant] = await publication.grants({ milestoneId: milestone.id, subscriberId: friend.id });
      await app.database.transaction(async (tx) => {
        const read = n === 0 ? holdReferral(tx, publication.id, referral.id) : holdGrant(tx, publication.id, grant!.id);
        const told = await read;
        const erasing = erase(publication, friend.id);
        await Promise.race([erasing, sleep(500)]);
        const event = { id: app.get(Ids).next(), type: 'grant.sent', eventKey: randomUUID(), now: new Date() };
        const data = { subscriber: { id: friend.id, told } };
        await insertDeliveries(tx, publication.id, { ...event, data, people: [friend.id] });
        statuses.push(erasing);
      });
    }
    expect(await Promise.all(statuses)).toEqual([204, 204]);
    expect(await tracesOf(app, marker)).toEqual([]);
  });

  test('their mail is in the hands of the mail server', async () => {
    const marker = 'qwxmail';
    const publication = await newPublication(app);
    await app.tick(); // what earlier tests promised
    const { id } = await publication.signUp(address(marker, 1));
    const transport = app.nest.get<MailTransport>(MAIL_TRANSPORT, { strict: false });
    const handedOver = vi.spyOn(transport, 'handOver').mockImplementation(async () => {
      expect(await erase(publication, id)).toBe(204);
      return { kind: 'accepted' };
    });
    await app.get(SendMails).run();
    expect(handedOver).toHaveBeenCalledTimes(1);
    handedOver.mockRestore();
    expect(await tracesOf(app, marker)).toEqual([]);
    expect(await app.rows('select state from mails where subscriber_id = $1', [id])).toEqual([{ state: 'suppressed' }]);
  });

  test('a receiver of webhooks is told of them, and quotes it', async () => {
    const marker = 'qwxhook';
    let erased: Promise<number> | null = null;
    const { publication, receiver } = await listening(['subscriber.created'], (response, _, { text, body }) => {
      erased ??= erase(publication, body.data.id as string);
      void erased.then(() => response.writeHead(200).end(text));
    });
    const { id } = await publication.signUp(address(marker, 1));
    await app.get(DeliverWebhooks).run();
    expect(await Promise.resolve(erased)).toBe(204);
    expect(await tracesOf(app, marker)).toEqual([]);
    // The try that was under way counts as none: the receiver hears of it once more, without the person.
    const [first, second, ...more] = receiver.got;
    expect([first!.id, first!.body.data.email]).toEqual([second!.id, address(marker, 1)]);
    expect(second!.body.data).toMatchObject({ id, email: null });
    expect(more).toEqual([]);
    const states = await app.rows('select state from webhook_deliveries where publication_id = $1', [publication.id]);
    expect(states).toEqual([{ state: 'delivered' }]);
  });
});
