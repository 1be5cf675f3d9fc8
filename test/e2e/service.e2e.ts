import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseUrl } from '../support/database.js';
import { range } from '../support/make.js';
import { build, DatabaseDoor, killServices, type Service, startFails, startService } from '../support/built-service.js';

const SECRET_KEY = 'a secret key of forty characters or more!';
const OPERATOR_KEY = 'kuchikomi_operator_for_the_service_tests';
const scratch = mkdtempSync(path.join(tmpdir(), 'kuchikomi-service-'));
const door = new DatabaseDoor(databaseUrl());

beforeAll(async () => {
  build();
  await door.open();
}, 120_000);

afterAll(async () => {
  killServices();
  await door.shut();
  rmSync(scratch, { recursive: true, force: true });
});

/** A body of any shape: the expectation is what checks it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const json = async (answer: Response): Promise<any> => answer.json();

async function api(service: Service, key: string, method: string, route: string, body?: object) {
  const answer = await fetch(`${service.url}/api/v1${route}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, headers: answer.headers, body: await json(answer) };
}

const letter = (slug: string) => ({
  slug,
  name: 'The Loaf',
  siteUrl: 'https://loaf.example',
  fromEmail: 'editor@loaf.example',
});

describe('a start that cannot be', () => {
  test('with wrong settings lists every problem at once and ends with 1', async () => {
    const { code, said } = await startFails({
      ...{ PORT: 'abc', DATABASE_URL: 'mysql://x', SECRET_KEY: 'short', ROLE: 'boss', DEV_TOOLS: 'maybe', DEMO: 'yes' },
      ...{ PUBLIC_URL: 'nowhere', SMTP_URL: 'http://x', TRUST_PROXY: 'true', LOG_LEVEL: 'loud', OPERATOR_KEY: 'short' },
    });
    expect(code).toBe(1);
    const names = [
      'PORT',
      'DATABASE_URL',
      'SECRET_KEY',
      'ROLE',
      'DEV_TOOLS',
      'DEMO',
      'PUBLIC_URL',
      'SMTP_URL',
      'TRUST_PROXY',
      'LOG_LEVEL',
      'OPERATOR_KEY',
    ];
    for (const name of names) expect(said).toMatch(new RegExp(`^  ${name} .`, 'm'));
    expect(said).toContain(`${names.length} problems`);
    expect(said).not.toMatch(/^ +at |node:internal/m); // no stack
  });

  test('with settings that contradict each other says so', async () => {
    const { code, said } = await startFails({
      DATABASE_URL: 'postgres://x/y',
      DEV_TOOLS: 'on',
      NODE_ENV: 'production',
    });
    expect([code, said.includes('SECRET_KEY is required'), said.includes('DEV_TOOLS must be off')]).toEqual([
      1,
      true,
      true,
    ]);
  });

  test('without its database says how to start one', async () => {
    const { code, said } = await startFails({ DATABASE_URL: 'postgres://kuchi:secret-word@127.0.0.1:1/x', SECRET_KEY });
    expect(code).toBe(1);
    expect(said).toMatch(/127\.0\.0\.1:1.*\n.*Start it .*pg_ctlcluster/);
    expect(said).not.toContain('secret-word');
  });

  test('with a database that does not exist says how to make it', async () => {
    const missing = new URL(databaseUrl());
    missing.pathname = '/no_such_database';
    const { code, said } = await startFails({ DATABASE_URL: missing.href, SECRET_KEY });
    expect([code, said.includes('createdb no_such_database')]).toEqual([1, true]);
  });
});

describe('an embedded installation', { timeout: 60_000 }, () => {
  const DATA_DIR = path.join(scratch, 'data');

  test('keeps its data over kill -9, and a second start beside it harms nothing', async () => {
    const first = await startService({ DATA_DIR });
    const file = path.join(DATA_DIR, 'operator-key');
    const key = readFileSync(file, 'utf8').trim();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(first.said()).toContain(file);
    expect(first.said()).not.toContain(key);
    expect((await api(first, key, 'POST', '/publications', letter('weekly-loaf'))).status).toBe(201);

    const beside = await startFails({ DATA_DIR, PORT: '0', DEMO: 'off' });
    expect(beside.code).not.toBe(0);
    expect(beside.said).toContain(`already runs with this DATA_DIR (${DATA_DIR}) at ${first.url}`);
    expect((await api(first, key, 'GET', '/publications')).body.data).toHaveLength(1);

    await first.end('SIGKILL');
    const again = await startService({ DATA_DIR });
    expect((await api(again, key, 'GET', '/publications')).body.data).toMatchObject([{ slug: 'weekly-loaf' }]);
    expect(await again.end('SIGTERM')).toBe(0);
    expect(existsSync(path.join(DATA_DIR, 'service.json'))).toBe(false);
  });
});

describe('a service on a PostgreSQL of its own', { timeout: 60_000 }, () => {
  const settings = () => ({
    DATABASE_URL: door.url,
    SECRET_KEY,
    OPERATOR_KEY,
    DEV_TOOLS: 'on',
    DATA_DIR: path.join(scratch, 'none'),
  });
  let service: Service;
  let admin: string;

  beforeAll(async () => {
    service = await startService({ ...settings(), LOG_LEVEL: 'debug' });
    admin = (await api(service, OPERATOR_KEY, 'POST', '/publications', letter('weekly-loaf'))).body.apiKey.secret;
  }, 60_000);

  const join = (email: string, more: object = {}) =>
    fetch(`${service.url}/join/weekly-loaf`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', connection: 'close' },
      body: JSON.stringify({ email, ...more }),
    });

  const tick = () => fetch(`${service.url}/dev/tick`, { method: 'POST' });

  async function linkInMail(address: string, prefix: string): Promise<string> {
    await tick();
    const mails = (await (await fetch(`${service.url}/dev/mail.json`)).json()) as { to: string; text: string }[];
    const texts = mails.filter(({ to }) => to === address).map(({ text }) => text);
    return texts.join('\n').match(new RegExp(`${service.url}${prefix}\\S+`))![0];
  }

  test('logs a whole loop without an address, a name, a token or a key', async () => {
    const secrets: string[] = [
      admin,
      OPERATOR_KEY,
      SECRET_KEY,
      'ana-baker',
      'ben-baker',
      'Annabella',
      'Mozilla/5.0 Marker',
    ];
    expect((await join('ana-baker@mail.example', { firstName: 'Annabella' })).status).toBe(202);
    const confirmUrl = await linkInMail('ana-baker@mail.example', '/confirm/');
    await fetch(confirmUrl);
    await fetch(confirmUrl, { method: 'POST' });
    const share = await linkInMail('ana-baker@mail.example', '/r/');
    const clicked = await fetch(share, { redirect: 'manual', headers: { 'user-agent': 'Mozilla/5.0 Marker' } });
    const click = new URL(clicked.headers.get('location')!).searchParams.get('click')!;
    await join('ben-baker@mail.example', { click });
    const second = await linkInMail('ben-baker@mail.example', '/confirm/');
    await fetch(second, { method: 'POST' });
    const hub = await linkInMail('ana-baker@mail.example', '/hub/');
    expect((await fetch(hub)).status).toBe(200);
    const leave = await linkInMail('ben-baker@mail.example', '/unsubscribe/');
    await fetch(leave, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
    await fetch(`${service.url}/api/v1/subscribers?email=ana-baker@mail.example`, {
      headers: { authorization: `Bearer ${admin}` },
    });
    await fetch(`${service.url}/api/v1/subscribers?email=ana-baker%00`, {
      headers: { authorization: 'Bearer wrong-key-marker' },
    });
    await api(service, admin, 'POST', '/subscribers', { email: 'ana-baker', firstName: 'Annabella' });
    await fetch(`${service.url}/confirm/${'x'.repeat(70)}`, { method: 'POST' });
    const tokens = [confirmUrl, second, hub, leave].map((url) => url.split('/').at(-1)!);
    const said = service.said();
    expect(said.split('\n').filter((line) => line.includes('"msg":"request"')).length).toBeGreaterThan(15);
    for (const secret of [...secrets, ...tokens, click, 'wrong-key-marker', 'x'.repeat(70)]) {
      expect(said.includes(secret), secret).toBe(false);
    }
  });

  test('refuses to start with another secret key, and starts with the old one named as previous', async () => {
    const other = 'quite another secret key, long enough too';
    const refused = await startFails({ ...settings(), SECRET_KEY: other, PORT: '0' });
    expect([refused.code, refused.said.includes('SECRET_KEY_PREVIOUS')]).toEqual([1, true]);
    expect(refused.said).not.toContain(other);
  });

  test('answers 503 while its database is away, stays alive, and recovers by itself', async () => {
    const before = await api(service, admin, 'GET', '/subscribers');
    expect(before.status).toBe(200);
    await door.shut();
    for (const [method, route, body] of [
      ['GET', '/subscribers', undefined],
      ['POST', '/subscribers', { email: 'lost@mail.example' }],
    ] as const) {
      const away = await api(service, admin, method, route, body);
      expect([away.status, away.body.code]).toEqual([503, 'service/unavailable']);
      expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(away.headers.get('content-type')).toContain('application/problem+json');
    }
    expect((await join('lost-too@mail.example')).status).toBe(503);
    const page = await fetch(`${service.url}/join/weekly-loaf`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    const ready = await fetch(`${service.url}/health/ready`);
    expect([ready.status, (await json(ready)).checks.database]).toEqual([503, 'does not answer']);
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    await sleep(1_500); // its jobs meet the closed door too
    await door.open();
    await expect.poll(async () => (await fetch(`${service.url}/health/ready`)).status).toBe(200);
    expect((await api(service, admin, 'GET', '/subscribers')).body.data).toEqual(before.body.data);
    expect((await join('found@mail.example')).status).toBe(202);
    expect((await tick()).status).toBe(200);
  });

  test('finishes the 20 requests that are in flight at SIGTERM, and ends with 0 within 10 s', async () => {
    door.delayMs = 60; // a signup takes some ten statements
    const answers = range(20).map((n) => join(`in-flight-${n}@mail.example`).then(({ status }) => status, String));
    await sleep(250);
    const code = await service.end('SIGTERM');
    door.delayMs = 0;
    expect(await Promise.all(answers)).toEqual(range(20).map(() => 202));
    expect(code).toBe(0);
    const next = await startService(settings());
    const { body } = await api(next, admin, 'GET', '/subscribers?limit=200');
    const kept = body.data.filter(({ email }: { email: string }) => email.startsWith('in-flight-'));
    expect(kept).toHaveLength(20);
    expect(await next.end('SIGTERM')).toBe(0);
  });
});
