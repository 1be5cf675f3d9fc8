import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Benchmark, Table } from './support/benchmark.js';
import { type Host, withClient } from './support/host.js';
import { populate } from './support/populate.js';
import { cpuOf } from './support/processes.js';
import { makePublication } from './support/publication.js';
import { alternate, type Figures, ratio, ratioRow, tableOf } from './support/rounds.js';
import { type Program, startProgram, startService } from './support/service.js';

const MAILS = Number(process.env.MAILS ?? 2_000);
const ROUNDS = Number(process.env.ROUNDS ?? 5);
/** As many as src/mail/smtp-transport.ts opens. */
const CONNECTIONS = '5';

export const mailBenchmark: Benchmark = {
  name: 'mail',
  about: `Welcome mails that wait in the outbox: claimed, rendered, signed with DKIM (RSA, 2048 bits), handed over and marked as sent, each mark a commit of its own, because
a forgotten one is a second mail. Beside it \`bench/limits/mail.ts\`: nodemailer's pool, signing too, over as many connections to the same server, with one
mail rendered once and no outbox. CPU is per mail.`,
  run,
};

async function run(host: Host): Promise<Table[]> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const sink = await startProgram('support/smtp-sink', {});
  const env = { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, DKIM_PRIVATE_KEY: privateKey, CONNECTIONS };
  const bare = await startProgram('limits/mail', env);
  const { url } = await host.database();
  const publication = await makePublication(url, host.folder);
  await populate(url, publication.id, MAILS);
  const service = await startService(url, host.folder, {
    ...env,
    DKIM_DOMAIN: 'letter.example',
    DKIM_SELECTOR: 'bench',
  });
  const measured = await withClient(url, async (client) => {
    const ours = () => fromOutbox(host, client, service.pid);
    const limit = () => fromPool(bare);
    await Promise.all([ours(), limit()]); // warm
    return alternate(ROUNDS, [
      { name: 'limit: nodemailer pool with DKIM', round: limit },
      { name: 'Kuchikomi', round: ours },
    ]);
  });
  await Promise.all([service, bare, sink].map((program) => program.stop()));
  const ratios = [ratioRow('Kuchikomi : limit', 0.6, ratio(measured[1]!, measured[0]!, 'mails/s'))];
  return [
    { title: 'Mails', rows: tableOf(measured, 'mails/s', ['server ms', 'database ms']) },
    { title: 'Ratio of one round', rows: [['', 'min', 'median', 'max', 'target'], ...ratios] },
  ];
}

/** From the first claim to the last mark; the wait for the worker's next tick is not the worker's speed. */
async function fromOutbox(host: Host, client: pg.Client, pid: number): Promise<Figures> {
  await client.query('truncate mails');
  await client.query(
    `insert into mails (publication_id, id, subscriber_id, message, data, dedupe_key, priority, state, attempts, uncertain, due_at, created_at)
     select publication_id, gen_random_uuid(), id, 'welcome', '{"shareUrl": "https://letter.example/r/reader-1", "next": null}', id, 1, 'waiting', 0, false,
       now(), now() from subscribers`,
  );
  const before = { server: cpuOf(pid), database: host.cpu() };
  while ((await outbox(client)).claimed === 0) await sleep(5);
  const begin = performance.now();
  while ((await outbox(client)).sent < MAILS) await sleep(50);
  const seconds = (performance.now() - begin) / 1_000;
  return {
    'mails/s': MAILS / seconds,
    'server ms': (cpuOf(pid) - before.server) / MAILS,
    'database ms': (host.cpu() - before.database) / MAILS,
  };
}

async function outbox(client: pg.Client): Promise<{ claimed: number; sent: number }> {
  const { rows } = await client.query<{ claimed: number; sent: number }>(
    `select count(*) filter (where attempts > 0)::int as claimed, count(*) filter (where state = 'sent')::int as sent from mails`,
  );
  return rows[0]!;
}

async function fromPool(bare: Program): Promise<Figures> {
  const before = cpuOf(bare.pid);
  const begin = performance.now();
  const done = once(bare.child, 'message');
  bare.child.send(MAILS);
  await done;
  const seconds = (performance.now() - begin) / 1_000;
  return { 'mails/s': MAILS / seconds, 'server ms': (cpuOf(bare.pid) - before) / MAILS };
}
