import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.js';
import { freePort, ServiceProcess } from '../support/service.js';
import { Publisher } from './publisher.js';
import { SmtpSink } from './smtp-sink.js';

const RESTARTS = Number(process.env.RESTARTS ?? 3);
const REFERRERS = 60;
const FRIENDS_EACH = 5;
const IN_FLIGHT = 20;

const dataDir = mkdtempSync(path.join(tmpdir(), 'kuchikomi-restart-'));
const sink = new SmtpSink();
let postgres: EmbeddedPostgres;
let service: ServiceProcess;

beforeAll(async () => {
  await ensureBuilt();
  await sink.listen();
  // The server is this process's, which starts it again whenever it dies; to the service it is any PostgreSQL.
  postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  service = new ServiceProcess(await freePort(), {
    DATA_DIR: path.join(dataDir, 'service'),
    DATABASE_URL: postgres.url,
    SECRET_KEY: 'a secret of the soak test that is long enough',
    SMTP_URL: sink.url,
    DEV_TOOLS: 'on',
    KEY_RATE: '0', // the recount asks as fast as it can
  });
  await service.start();
});

afterAll(async () => {
  await service.end('SIGTERM');
  await postgres.stop();
  await sink.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** SIGQUIT is PostgreSQL's immediate shutdown: no goodbye to anybody, recovery at the next start. */
async function restartAtRandom(busy: () => boolean): Promise<number> {
  let restarts = 0;
  while (restarts < RESTARTS && busy()) {
    await sleep(500 + Math.random() * 1_500);
    const pid = serverPid();
    if (pid === null) continue; // it is still being started again
    process.kill(pid, 'SIGQUIT');
    restarts++;
    while ([pid, null].includes(serverPid())) await sleep(50);
  }
  return restarts;
}

/** Null while no server runs. */
function serverPid(): number | null {
  try {
    return Number(readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return null;
  }
}

test(
  `nothing is lost or sent twice over ${RESTARTS} immediate restarts of PostgreSQL`,
  { timeout: 30 * 60_000 },
  async () => {
    const publisher = await Publisher.create(service, sink, { referrers: REFERRERS, friendsEach: FRIENDS_EACH });
    let busy = true;
    const restarter = restartAtRandom(() => busy);
    do await publisher.letFriendsJoin(IN_FLIGHT);
    while (publisher.rounds * 5 < RESTARTS);
    busy = false;
    const restarts = await restarter;
    await expect.poll(() => fetch(`${service.url}/health/ready`).then(({ status }) => status)).toBe(200);
    await publisher.settle();

    const seen = await publisher.recount();
    const mails = sink.tally();
    process.stdout.write(
      `${restarts} restarts: ${seen.friends} friends, ${seen.grants} grants, ${mails.mails} mails, ${mails.duplicates} sent twice\n`,
    );
    expect(restarts).toBeGreaterThan(0);
    expect(service.hasEnded).toBe(false);
    expect(seen.notActive).toEqual([]);
    expect(seen.wrongCounts).toEqual([]);
    expect(seen.lostClicks).toBe(0);
    expect(seen.grants).toBe(REFERRERS);
    expect(seen.codes).toBe(REFERRERS);
    expect(sink.recipientsWithoutTheirReward(publisher.referrerAddresses)).toEqual([]);
    expect(mails.duplicates).toBe(0);
  },
);
