import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { freePort, ServiceProcess } from '../support/service.js';

const STOPS = Number(process.env.STOPS ?? 3);
const CLIENTS = 30;

const dataDir = mkdtempSync(path.join(tmpdir(), 'kuchikomi-stop-'));
let service: ServiceProcess;
let key: string;

beforeAll(async () => {
  await ensureBuilt();
  service = new ServiceProcess(await freePort(), { DATA_DIR: dataDir });
  await service.start();
  const made = await post('/publications', service.operatorKey, {
    ...{ slug: 'stop', name: 'Stop', siteUrl: 'https://loaf.example', fromEmail: 'editor@loaf.example' },
  });
  key = (JSON.parse(made.body) as { apiKey: { secret: string } }).apiKey.secret;
}, 120_000);

afterAll(async () => {
  await service.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

interface Outcome {
  status: number | string;
  body: string;
  /** Whether the connection stood before the stop began: from then on the service has to answer. */
  inFlight: boolean;
}

/** On a connection of its own: on one that is kept alive it would be unclear whether the service ever saw the request. */
function post(route: string, bearer: string, body: object, isStopping = () => false): Promise<Outcome> {
  return new Promise((resolve) => {
    let inFlight = false;
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
    const sent = request(`${service.url}/api/v1${route}`, { method: 'POST', agent: false, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode!, body: text, inFlight }));
      answer.on('error', (error) => resolve({ status: error.message, body: '', inFlight }));
    });
    sent.on('socket', (socket) => socket.once('connect', () => (inFlight = !isStopping())));
    sent.on('error', (error) => resolve({ status: error.message, body: '', inFlight }));
    sent.end(JSON.stringify(body));
  });
}

interface Tally {
  acknowledged: string[];
  /** What became of signups that were in flight and were not acknowledged. */
  failed: string[];
}

/** Signs people up, one after the other, until the service takes none any more. */
async function signUpUntilItStops(tally: Tally, isStopping: () => boolean): Promise<void> {
  while (!service.hasEnded) {
    const email = `${randomUUID()}@mail.example`;
    const { status, inFlight } = await post('/subscribers', key, { email }, isStopping);
    if (status === 201) tally.acknowledged.push(email);
    else if (inFlight) tally.failed.push(`${status}`);
    else return;
  }
}

async function knownAddresses(): Promise<Set<string>> {
  const answer = await fetch(`${service.url}/api/v1/subscribers.csv`, { headers: { authorization: `Bearer ${key}` } });
  expect(answer.status).toBe(200);
  return new Set([...(await answer.text()).matchAll(/[\w-]+@mail\.example/g)].map(([email]) => email));
}

test(
  `${STOPS} SIGTERMs under load: every request in flight is answered, and it ends with 0`,
  { timeout: 30 * 60_000 },
  async () => {
    const tally: Tally = { acknowledged: [], failed: [] };
    const codes: (number | null)[] = [];
    for (let stop = 0; stop < STOPS; stop++) {
      let stopping = false;
      const clients = Array.from({ length: CLIENTS }, () => signUpUntilItStops(tally, () => stopping));
      await sleep(500 + Math.random() * 1_000);
      stopping = true;
      codes.push(await service.end('SIGTERM'));
      await Promise.all(clients);
      await service.start();
    }
    const known = await knownAddresses();
    process.stdout.write(
      `${STOPS} SIGTERMs: ${tally.acknowledged.length} signups acknowledged, ${tally.failed.length} in flight failed\n`,
    );
    expect(codes).toEqual(codes.map(() => 0));
    expect(tally.failed).toEqual([]);
    expect(tally.acknowledged.length).toBeGreaterThan(STOPS * CLIENTS);
    expect(tally.acknowledged.filter((email) => !known.has(email))).toEqual([]);
  },
);
