import http from 'node:http';
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { RecordClick } from '../../src/flows/record-click.js';
import { Metrics } from '../../src/http/metrics.js';
import { HOUR, OPERATOR_KEY, startApp, type TestApp } from '../support/app.js';
import { newPublication } from '../support/make.js';

const app = await startApp();

/** The metrics as they are now, by name with labels. */
async function scrape(of: TestApp = app): Promise<{ text: string; value: (name: string) => number | undefined }> {
  Object.assign(of.get(Metrics), { known: null }); // no waiting for the cache
  const { text } = await of.http.get('/metrics').buffer(true);
  const value = (name: string): number | undefined => {
    const line = text.split('\n').find((found) => found.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length + 1));
  };
  return { text, value };
}

describe('who may read metrics', () => {
  test('from this machine anybody; through a proxy, the operator alone', async () => {
    const get = (headers: Record<string, string> = {}) => app.http.get('/metrics').set(headers);
    const publication = await newPublication(app);
    const here = await get();
    expect([here.status, here.headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    for (const header of ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded']) {
      expect((await get({ [header]: '127.0.0.1' })).status, header).toBe(401);
    }
    const proxied = { 'x-forwarded-for': '127.0.0.1' };
    expect((await get({ ...proxied, authorization: `Bearer ${OPERATOR_KEY}` })).status).toBe(200);
    expect((await get({ ...proxied, authorization: `Bearer ${publication.adminKey}` })).status).toBe(403);
    expect((await get({ ...proxied, authorization: 'Bearer nobody' })).status).toBe(401);
  });

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address;
  test.skipIf(outside === undefined)(
    'from another address of the network nobody without the key, whatever it claims',
    async () => {
      const open = await startApp();
      open.nest.getHttpServer().close();
      await new Promise<void>((done) => open.nest.getHttpServer().listen(0, '0.0.0.0', done));
      const { port } = open.nest.getHttpServer().address() as { port: number };
      const status = (headers: Record<string, string>) =>
        new Promise((resolve) =>
          http.get({ host: outside, port, path: '/metrics', headers }, (answer) => resolve(answer.statusCode)),
        );
      expect(await status({ host: 'localhost' })).toBe(401);
      expect(await status({ authorization: `Bearer ${OPERATOR_KEY}` })).toBe(200);
    },
  );
});

describe('what metrics say', () => {
  test('requests and times by the pattern of the route, never by path or client', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader('metrics-marker@mail.example');
    await app.http.get(`/r/${reader.code}?via=email`);
    await app.http.get(`/join/${publication.slug}`);
    for (let n = 0; n < 20; n++) await app.http.get(`/nowhere/${n}`);
    await publication.admin.get(`/subscribers/${reader.id}`);
    const { text, value } = await scrape();
    expect(value('kuchikomi_http_requests_total{method="GET",route="/r/:code",status="302"}')).toBe(1);
    expect(value('kuchikomi_http_requests_total{method="GET",route="/api/v1/subscribers/:id",status="200"}')).toBe(1);
    expect(value('kuchikomi_http_requests_total{method="GET",route="none",status="404"}')).toBe(20);
    expect(value('kuchikomi_http_request_seconds_count{method="GET",route="/join/:publication"}')).toBe(1);
    for (const secret of [
      'metrics-marker',
      reader.id,
      reader.code,
      publication.slug,
      publication.id,
      publication.adminKey,
      'nowhere',
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  test('outboxes by state with the age of what is due, referrals by state, rewards that are due', async () => {
    const before = await scrape();
    const grew = (after: Awaited<ReturnType<typeof scrape>>, name: string) =>
      (after.value(name) ?? 0) - (before.value(name) ?? 0);
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1 });
    const referrer = await publication.reader();
    await publication.verifiedFriend(referrer.code);
    await publication.signUp(undefined, { ref: referrer.code });
    await publication.signUp();
    let now = await scrape();
    expect(grew(now, 'kuchikomi_referrals{state="verified"}')).toBe(1);
    expect(grew(now, 'kuchikomi_referrals{state="pending"}')).toBe(1);
    expect(now.value('kuchikomi_grants_due')).toBe(1);
    expect(grew(now, 'kuchikomi_outbox_depth{outbox="mails",state="due"}')).toBe(5);
    app.advance(HOUR);
    now = await scrape();
    expect(now.value('kuchikomi_outbox_oldest_due_seconds{outbox="mails"}')).toBeGreaterThanOrEqual(3_600);
    expect(now.value('kuchikomi_outbox_oldest_due_seconds{outbox="webhooks"}')).toBe(0);
    await app.rows(`update mails set state = 'dead' where publication_id = $1 and message = 'welcome'`, [
      publication.id,
    ]);
    await app.tick();
    now = await scrape();
    expect(grew(now, 'kuchikomi_outbox_depth{outbox="mails",state="dead"}')).toBe(2);
    expect(now.value('kuchikomi_outbox_depth{outbox="mails",state="due"}')).toBeUndefined();
    expect(now.value('kuchikomi_outbox_oldest_due_seconds{outbox="mails"}')).toBe(0);
    expect(now.value('kuchikomi_grants_due')).toBe(0);
    app.clock.set(null);
  });

  test('clicks that were not stored, the delay of the event loop, the process', async () => {
    app.get(RecordClick).notStored = 3;
    const { value } = await scrape();
    expect(value('kuchikomi_clicks_not_stored_total')).toBe(3);
    expect(value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(value('kuchikomi_database_up')).toBe(1);
  });

  test('rows are counted once for all scrapes of some seconds', async () => {
    await scrape();
    const publication = await newPublication(app);
    await publication.signUp();
    const texts = await Promise.all(Array.from({ length: 20 }, () => app.http.get('/metrics').buffer(true)));
    const depths = texts.map(({ text }) => /outbox_depth\{outbox="mails",state="due"\} (\d+)/.exec(text)?.[1] ?? '0');
    expect(new Set(depths)).toEqual(new Set(['0']));
    expect((await scrape()).value('kuchikomi_outbox_depth{outbox="mails",state="due"}')).toBe(1);
  });

  test('a database that is away is told, and the rest is there', async () => {
    await app.rows('alter table mails rename to mails_away');
    const { text, value } = await scrape().finally(() => app.rows('alter table mails_away rename to mails'));
    expect(value('kuchikomi_database_up')).toBe(0);
    expect(text).not.toContain('kuchikomi_outbox_depth{');
    expect(value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });
});

describe('ROLE', () => {
  const paths = [
    '/join/x',
    '/api/v1/subscribers',
    '/openapi.json',
    '/docs',
    '/dev/mail.json',
    '/assets/page.css',
    '/r/abc',
    '/hub',
  ];

  test('a worker answers how it is, its metrics, and nothing else', async () => {
    const worker = await startApp({ role: 'worker' });
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect((await worker.http.get(path)).status, path).toBe(200);
    }
    for (const path of paths) expect((await worker.http.get(path)).status, path).toBe(404);
    expect((await worker.http.post('/join/x').type('form').send({ email: 'ana@mail.example' })).status).toBe(404);
  });

  test('a web process runs no job by itself, a worker beside it does', async () => {
    const web = await startApp({ role: 'web' }, { tickingJobs: true });
    const publication = await newPublication(web);
    await web.http.post(`/join/${publication.slug}`).type('form').send({ email: 'roles@mail.example' });
    await new Promise((resume) => setTimeout(resume, 1_500));
    expect(await web.mails('roles@mail.example')).toEqual([]);
    const worker = await startApp({ role: 'worker' }, { tickingJobs: true });
    await expect.poll(() => worker.mails('roles@mail.example')).toHaveLength(1);
  });
});
