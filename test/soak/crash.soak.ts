import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { freePort, ServiceProcess } from '../support/service.js';
import { HookSink } from './hook-sink.js';
import { Publisher } from './publisher.js';
import { SmtpSink } from './smtp-sink.js';

const KILLS = Number(process.env.KILLS ?? 3);
const REFERRERS = 100;
const FRIENDS_EACH = 5;
const IN_FLIGHT = 20;
/** Mails, and webhooks, that a worker has in flight at most: each may be sent again after a kill. */
const SENT_IN_FLIGHT = 5;

const dataDir = mkdtempSync(path.join(tmpdir(), 'kuchikomi-crash-'));
const sink = new SmtpSink();
const hooks = new HookSink();
let service: ServiceProcess;

beforeAll(async () => {
  await ensureBuilt();
  await sink.listen();
  await hooks.listen();
  service = new ServiceProcess(await freePort(), { DATA_DIR: dataDir, SMTP_URL: sink.url, DEV_TOOLS: 'on' });
  await service.start();
}, 120_000);

afterAll(async () => {
  await service.end('SIGTERM');
  await sink.close();
  await hooks.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Kills the service at random moments, as often as asked, while `busy` says that there is work; each time it starts again. */
async function killAtRandom(busy: () => boolean): Promise<number> {
  let kills = 0;
  while (kills < KILLS && busy()) {
    await sleep(200 + Math.random() * 1_500);
    await service.end('SIGKILL');
    kills++;
    await service.start();
  }
  return kills;
}

test(
  `nothing that was acknowledged is lost over ${KILLS} kill -9, and no reward is given twice`,
  { timeout: 60 * 60_000 },
  async () => {
    const publisher = await Publisher.create(service, sink, { referrers: REFERRERS, friendsEach: FRIENDS_EACH });
    await publisher.tell(hooks.url);
    let busy = true;
    const killer = killAtRandom(() => busy);
    // More kills than one round of friends lasts: further rounds come, each with friends of its own.
    do await publisher.letFriendsJoin(IN_FLIGHT);
    while (KILLS > 20 && publisher.rounds < KILLS / 10);
    busy = false;
    const kills = await killer;
    await publisher.settle();

    const seen = await publisher.recount();
    const mails = sink.tally();
    const told = hooks.tally(publisher.confirmedAddresses);
    process.stdout.write(
      `${kills} kills: ${seen.friends} friends, ${seen.grants} grants, ${seen.codes} codes, ${mails.mails} mails, ` +
        `${mails.duplicates} sent again with the same Message-ID (at most ${mails.mostCopies} copies), ` +
        `${told.duplicates} webhooks again with the same webhook-id\n`,
    );
    expect(kills).toBeGreaterThan(0);
    expect(seen.notActive).toEqual([]);
    expect(seen.wrongCounts).toEqual([]);
    expect(seen.lostClicks).toBe(0);
    expect(seen.grants).toBe(REFERRERS);
    expect(seen.codes).toBe(REFERRERS);
    expect(sink.recipientsWithoutTheirReward(publisher.referrerAddresses)).toEqual([]);
    expect(mails.sameMailOtherId).toEqual([]);
    expect(mails.duplicates).toBeLessThanOrEqual(kills * SENT_IN_FLIGHT);
    expect(told.missing).toEqual([]);
    expect(told.twoIds).toEqual([]);
    expect(told.duplicates).toBeLessThanOrEqual(kills * SENT_IN_FLIGHT);
  },
);
