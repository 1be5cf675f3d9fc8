import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import type { Failpoint } from '../../src/platform/failpoints.js';
import { freePort, ServiceProcess } from '../support/service.js';
import { HookSink } from './hook-sink.js';
import { SmtpSink } from './smtp-sink.js';

/* The service is killed at exactly one point, started again, and asked what is true. */

const dataDir = mkdtempSync(path.join(tmpdir(), 'kuchikomi-failpoints-'));
const sink = new SmtpSink();
const hooks = new HookSink();
let port: number;
let service: ServiceProcess;
let made = 0;

beforeAll(async () => {
  await ensureBuilt();
  await sink.listen();
  await hooks.listen();
  port = await freePort();
  await begin(null);
}, 300_000);

afterEach(async () => {
  // What a failed test left armed.
  if (service.hasEnded) await begin(null);
});

afterAll(async () => {
  await service.end('SIGTERM');
  await sink.close();
  await hooks.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function begin(failpoint: Failpoint | null): Promise<void> {
  service = new ServiceProcess(port, {
    ...{ DATA_DIR: dataDir, SMTP_URL: sink.url, DEV_TOOLS: 'on' },
    ...(failpoint !== null && { FAILPOINT: `${failpoint}:kill` }),
  });
  await service.start();
}

/** Starts the service armed, does something until it is dead by it, and starts it again as usual. */
async function dieAt(failpoint: Failpoint, act: () => Promise<unknown>): Promise<void> {
  await service.end('SIGTERM');
  await begin(failpoint);
  await act().catch(() => undefined);
  await expect.poll(() => service.hasEnded).toBe(true);
  await begin(null);
}

interface Answer {
  status: number;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- of any shape: the expectation checks it
}

async function call(method: string, where: string, key: string | null, body?: object | string): Promise<Answer> {
  const type = typeof body === 'string' ? 'text/csv' : 'application/json';
  const answer = await fetch(service.url + where, {
    method,
    redirect: 'manual',
    headers: { ...(key && { authorization: `Bearer ${key}` }), ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    body: /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text,
  };
}

const settled = () => call('POST', '/dev/tick', null, {});

/** A publication with a pool of five codes, of which one goes out for each friend, and a reader who shares. */
async function scene(milestone: object = {}) {
  const n = ++made;
  const slug = `failpoint-${n}`;
  const publication = { slug, name: slug, siteUrl: `https://${slug}.example`, fromEmail: `hello@${slug}.example` };
  const { body } = await call('POST', '/api/v1/publications', service.operatorKey, publication);
  const key = body.apiKey.secret as string;
  const api = (method: string, where: string, sent?: object | string) => call(method, `/api/v1${where}`, key, sent);
  const reward = (await api('POST', '/rewards', { kind: 'coupon', name: 'Coupon' })).body.id as string;
  await api('POST', `/rewards/${reward}/codes`, `Code\n${[1, 2, 3, 4, 5].map((c) => `KILL-${n}-${c}`).join('\n')}\n`);
  await api('POST', '/programs/default/milestones', {
    ...{ name: 'One', stage: 'verified', threshold: 1, every: 1, recipient: 'referrer', rewardId: reward },
    ...{ approval: 'automated', past: 'grant', ...milestone },
  });
  const address = `reader@reader-${n}.example`;
  const reader = (await api('POST', '/subscribers', { email: address, confirmed: true })).body.subscriber;
  const join = async (email: string) => {
    await api('POST', '/subscribers', { email, ref: reader.shareCode });
    await expect.poll(() => sink.confirmPath(email)).not.toBeNull();
    return sink.confirmPath(email)!;
  };
  const press = async (where: string) => (await fetch(service.url + where, { method: 'POST' })).status;
  const standing = async () => {
    const grants = (await api('GET', '/grants')).body.data as { id: string; status: string }[];
    const { stock } = (await api('GET', `/rewards/${reward}`)).body;
    const { referralCount } = (await api('GET', `/subscribers/${reader.id}`)).body;
    const ledger = (await api('GET', `/subscribers/${reader.id}/ledger`)).body.balances as { quantity: number }[];
    return {
      ...{ grants: grants.length, codes: stock.total - stock.free, count: referralCount },
      ledger: ledger[0]?.quantity ?? 0,
    };
  };
  const grantId = async () => (await api('GET', '/grants')).body.data[0].id as string;
  return { n, api, address, reader, reward, join, press, standing, grantId, friend: `friend@friend-${n}.example` };
}

const NOTHING = { grants: 0, codes: 0, count: 0, ledger: 0 };
const ALL = { grants: 1, codes: 1, count: 1, ledger: 1 };

describe('killed while a friend confirms', { timeout: 120_000 }, () => {
  test.each(['confirm-before-commit', 'grant-before-coupon'] as const)(
    'at %s nothing has happened, and the button still works, once',
    async (failpoint) => {
      const s = await scene();
      const button = await s.join(s.friend);
      await dieAt(failpoint, () => s.press(button));
      expect(await s.standing()).toEqual(NOTHING);
      expect([await s.press(button), await s.press(button)]).toEqual([200, 200]);
      expect(await s.standing()).toEqual(ALL);
    },
  );

  test('at confirm-after-commit everything has happened, and pressing again shows it and adds nothing', async () => {
    const s = await scene();
    const button = await s.join(s.friend);
    await dieAt('confirm-after-commit', () => s.press(button));
    expect(await s.standing()).toEqual(ALL);
    expect(await s.press(button)).toBe(200);
    await settled();
    expect(await s.standing()).toEqual(ALL);
    expect(sink.messageIdsOf(s.address, `KILL-${s.n}-`)).toHaveLength(1);
  });
});

describe('killed while the mail of a reward goes out', { timeout: 120_000 }, () => {
  test.each([
    ['mail-claimed', 1],
    ['mail-inside-data', 1],
    ['mail-after-250', 2],
  ] as const)('at %s it arrives, %i times under one Message-ID, with one code', async (failpoint, copies) => {
    const s = await scene({ approval: 'manual' });
    await s.press(await s.join(s.friend));
    await settled();
    const id = await s.grantId();
    await dieAt(failpoint, async () => {
      await s.api('POST', `/grants/${id}/approve`);
      while (!service.hasEnded) await sleep(50);
    });
    await settled();
    await expect.poll(() => sink.messageIdsOf(s.address, `KILL-${s.n}-`).length).toBe(copies);
    expect(new Set(sink.messageIdsOf(s.address, `KILL-${s.n}-`)).size).toBe(1);
    expect(await s.standing()).toEqual(ALL);
  });
});

test('killed at webhook-after-200 it is told again under the same id', { timeout: 120_000 }, async () => {
  const s = await scene();
  await s.api('POST', '/webhooks', { url: hooks.url, events: ['referral.verified'] });
  await dieAt('webhook-after-200', async () => {
    await s.api('POST', '/subscribers', { email: s.friend, ref: s.reader.shareCode, confirmed: true });
    while (!service.hasEnded) await sleep(50);
  });
  await settled();
  expect(hooks.tally([s.friend])).toEqual({ missing: [], twoIds: [], duplicates: 1 });
  expect(await s.standing()).toEqual(ALL);
});

describe('killed while somebody signs up', { timeout: 120_000 }, () => {
  test.each([
    ['signup-before-commit', 0, 201],
    ['signup-after-commit', 1, 200],
  ] as const)('at %s there are %i of them, and the form can be sent again', async (failpoint, there, again) => {
    const s = await scene();
    const signup = () => s.api('POST', '/subscribers', { email: s.friend, ref: s.reader.shareCode });
    await dieAt(failpoint, signup);
    const found = () => s.api('GET', `/subscribers?email=${s.friend}`).then(({ body }) => body.data.length as number);
    expect(await found()).toBe(there);
    expect((await signup()).status).toBe(again);
    await settled();
    expect([await found(), sink.messageIdsOf(s.friend, '/confirm/').length]).toEqual([1, 1]);
  });
});

test(
  'killed at event-before-commit an event has not been taken, and told again it counts once',
  { timeout: 120_000 },
  async () => {
    const s = await scene();
    await s.api('POST', '/programs/default/milestones', {
      ...{
        name: 'Bought',
        stage: 'purchased',
        threshold: 1,
        recipient: 'referrer',
        rewardId: s.reward,
        past: 'ignore',
      },
    });
    await s.press(await s.join(s.friend));
    const event = { id: `order-${s.n}`, type: 'purchased', email: s.friend, value: { amount: 900, currency: 'EUR' } };
    const tell = () => s.api('POST', '/events', event);
    await dieAt('event-before-commit', tell);
    expect((await s.standing()).grants).toBe(1); // that of the confirmed friend
    const told = [(await tell()).body, (await tell()).body];
    expect(told.map(({ duplicate }) => duplicate)).toEqual([false, true]);
    expect(await s.standing()).toEqual({ grants: 2, codes: 2, count: 1, ledger: 2 });
  },
);

test('killed at import-batch-committed it goes on where it was, nobody twice', { timeout: 120_000 }, async () => {
  const s = await scene();
  const rows = Array.from({ length: 50 }, (_, i) => `imported-${i}@imported-${s.n}.example,${i % 3}`);
  let id = '';
  await dieAt('import-batch-committed', async () => {
    id = (await s.api('POST', '/imports?consent=moved', `email,referralCount\n${rows.join('\n')}\n`)).body.id;
    while (!service.hasEnded) await sleep(50);
  });
  await settled();
  const { body } = await s.api('GET', `/imports/${id}`);
  expect([body.total, body.done, body.failed]).toEqual([50, 50, 0]);
  const { body: all } = await s.api('GET', '/subscribers?limit=200');
  expect(all.data).toHaveLength(51);
});

test('killed at erase-half-way the person is gone, and erasing again ends it', { timeout: 120_000 }, async () => {
  const s = await scene();
  await s.press(await s.join(s.friend));
  const [friend] = (await s.api('GET', `/subscribers?email=${s.friend}`)).body.data;
  await dieAt('erase-half-way', () => s.api('DELETE', `/subscribers/${friend.id}`));
  expect((await s.api('GET', `/subscribers/${friend.id}`)).body).toMatchObject({ status: 'erased', email: null });
  expect((await s.api('DELETE', `/subscribers/${friend.id}`)).status).toBe(204);
  expect(await s.standing()).toEqual(ALL);
});

describe('killed at schedule-key-inserted', { timeout: 120_000 }, () => {
  const clock = (at: string | null) => call('POST', '/dev/clock', null, { now: at });
  const DRAWN = '2999-02-01T00:02:00Z';

  test('a contest has no winners and a raffle no draw, and after the restart each has them once', async () => {
    const s = await scene();
    const prize = (await s.api('POST', '/rewards', { kind: 'custom', name: 'Prize' })).body.id as string;
    const days = { from: '2999-01-01', to: '2999-01-31' };
    const contest = { name: 'January', period: days, prizes: [{ rank: 1, rewardId: prize }] };
    const raffle = { name: 'Draw', ...days, prizes: [{ rewardId: prize, count: 1 }] };
    const contestId = (await s.api('POST', '/programs/default/contests', contest)).body.id as string;
    const raffleId = (await s.api('POST', '/programs/default/raffles', raffle)).body.id as string;
    await clock('2999-01-10T00:00:00Z');
    await s.api('POST', '/subscribers', { email: s.friend, ref: s.reader.shareCode, confirmed: true });
    const outcome = async () => {
      const grants = (await s.api('GET', '/grants')).body.data as { contest: object | null; raffle: object | null }[];
      const { body: closed } = await s.api('GET', `/contests/${contestId}/standing`);
      const { body: drawn } = await s.api('GET', `/raffles/${raffleId}`);
      return {
        won: grants.filter((one) => one.contest !== null).length,
        drawn: grants.filter((one) => one.raffle !== null).length,
        rounds: closed.rounds.length as number,
        winners: drawn.winners.length as number,
      };
    };
    await dieAt('schedule-key-inserted', async () => {
      await clock(DRAWN);
      await settled();
    });
    expect(await outcome()).toEqual({ won: 0, drawn: 0, rounds: 0, winners: 0 });
    await clock(DRAWN);
    await settled();
    await settled();
    expect(await outcome()).toEqual({ won: 1, drawn: 1, rounds: 1, winners: 1 });
    await clock(null);
  });
});
