import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { databaseUrl } from '../support/database.js';
import { freePort, ServiceProcess } from '../support/service.js';
import { startSmtp } from '../support/smtp.js';

/* Several processes of the built service on one database, as they run behind a proxy. */

const smtp = await startSmtp();
const started: ServiceProcess[] = [];
const database = new pg.Client({ connectionString: databaseUrl() });

beforeAll(async () => {
  await ensureBuilt();
  await database.connect();
}, 120_000);

afterAll(async () => {
  await Promise.all(started.map((service) => service.end('SIGKILL')));
  await database.end();
});

async function start(role: 'web' | 'worker', more: Record<string, string> = {}): Promise<ServiceProcess> {
  const env = { DATABASE_URL: databaseUrl(), SECRET_KEY: 'a secret of this test that is long enough', KEY_RATE: '0' };
  const service = new ServiceProcess(await freePort(), {
    ...env,
    ROLE: role,
    PUBLIC_URL: 'http://127.0.0.1:9',
    ...more,
  });
  started.push(service);
  await service.start();
  return service;
}

interface Answer {
  code?: string;
  apiKey: { secret: string };
  subscriber: { id: string };
}

async function post(
  service: ServiceProcess,
  path: string,
  key: string,
  body: object,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(`${service.url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Answer };
}

async function newPublication(service: ServiceProcess) {
  const slug = `loaf-${randomUUID().slice(0, 8)}`;
  const body = { slug, name: 'Loaf', siteUrl: 'https://loaf.example', fromEmail: 'editor@loaf.example' };
  const made = await post(service, '/publications', service.operatorKey, body);
  expect(made.status).toBe(201);
  return { slug, key: made.body.apiKey.secret };
}

test(
  'a process is killed while it works on a keyed request: first nobody knows yet, then that nobody knows',
  { timeout: 60_000 },
  async () => {
    const [first, second] = await Promise.all([start('web'), start('web')]);
    const { key } = await newPublication(first);
    const idempotency = { 'idempotency-key': randomUUID() };
    const create = (service: ServiceProcess) =>
      post(service, '/api-keys', key, { role: 'site', name: 'site' }, idempotency);

    // Holds the work up in the middle: the key is taken, the api key not yet made.
    await database.query('begin; lock table api_keys in share mode');
    const cut = create(first).catch(() => 'cut');
    await expect.poll(async () => (await database.query('select 1 from idempotency_keys')).rowCount).toBe(1);
    expect((await create(second)).body.code).toBe('idempotency/in-progress');
    // Longer than a lease: the process lives, so its lease is renewed.
    await new Promise((resume) => setTimeout(resume, 17_000));
    expect((await create(second)).body.code).toBe('idempotency/in-progress');

    await first.end('SIGKILL');
    await database.query('commit');
    expect(await cut).toBe('cut');
    expect((await create(second)).body.code).toBe('idempotency/in-progress');
    await expect
      .poll(async () => (await create(second)).body.code, { timeout: 20_000, interval: 500 })
      .toBe('idempotency/outcome-unknown');
    // And it stays so: nothing is carried out a second time.
    const { rows } = await database.query(`select count(*)::int as keys from api_keys where role = 'site'`);
    expect(rows[0].keys).toBeLessThanOrEqual(1);
  },
);

describe('two webs and two workers', () => {
  let webs: ServiceProcess[];
  let workers: ServiceProcess[];
  beforeAll(async () => {
    webs = await Promise.all([start('web', { DEV_TOOLS: 'on', SMTP_URL: smtp.url }), start('web')]);
    workers = await Promise.all([start('worker', { SMTP_URL: smtp.url }), start('worker', { SMTP_URL: smtp.url })]);
  }, 60_000);

  test('a worker serves its health and metrics and nothing else', async () => {
    for (const [path, status] of [
      ['/health/ready', 200],
      ['/metrics', 200],
      ['/openapi.json', 404],
      ['/hub', 404],
    ] as const) {
      expect((await fetch(workers[0]!.url + path)).status, path).toBe(status);
    }
  });

  test('one Idempotency-Key over both webs, 50 times at once, has one effect', async () => {
    const { key } = await newPublication(webs[0]!);
    const header = { 'idempotency-key': randomUUID() };
    const body = { email: 'everywhere@mail.example' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => post(webs[n % 2]!, '/subscribers', key, body, header)),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ body: answer }) => answer.subscriber.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
  });

  test('the limits are one for all processes: 50 forms over both webs, one mail, sent by a worker once', async () => {
    const publications = await Promise.all([newPublication(webs[0]!), newPublication(webs[1]!)]);
    const email = 'once@mail.example';
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        fetch(`${webs[n % 2]!.url}/join/${publications[Math.floor(n / 2) % 2]!.slug}`, {
          method: 'POST',
          redirect: 'manual',
          headers: { 'x-forwarded-for': `10.1.${n}.1` },
          body: new URLSearchParams({ email }),
        }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    await smtp.waitFor(email);
    await new Promise((resume) => setTimeout(resume, 1_500));
    expect(smtp.to(email)).toHaveLength(1);
  });

  test('a tick of a web answers when all is sent, whichever process has it in hand', async () => {
    const { slug } = await newPublication(webs[0]!);
    for (let round = 0; round < 10; round++) {
      const email = `tick-${round}@mail.example`;
      await fetch(`${webs[1]!.url}/join/${slug}`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ email }),
      });
      expect((await fetch(`${webs[0]!.url}/dev/tick`, { method: 'POST' })).status).toBe(200);
      expect(smtp.to(email), `round ${round}`).toHaveLength(1);
    }
  });

  test('all of them stop when asked, with nothing left in hand', async () => {
    const codes = await Promise.all([...webs, ...workers].map((service) => service.end('SIGTERM')));
    expect(codes).toEqual([0, 0, 0, 0]);
  });
});
