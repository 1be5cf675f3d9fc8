import type { Benchmark, Table } from './support/benchmark.js';
import type { Host } from './support/host.js';
import { populateFriends } from './support/populate.js';
import { cpuOf, memoryOf } from './support/processes.js';
import { alternate, type Figures, short, tableOf } from './support/rounds.js';
import { type Site, startSite } from './support/site.js';

const ROWS = Number(process.env.ROWS ?? 1_000_000);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const READERS = 1_000;

export const exportBenchmark: Benchmark = {
  name: 'export',
  about: `\`GET /api/v1/subscribers.csv\` and \`GET /api/v1/leads.csv\` of ${short(ROWS)} friends, read to their end by one client. The target is 100,000 rows/s for leads, and memory that
does not grow with the rows. Memory is what the service ever held, CPU is per thousand rows.`,
  run,
};

async function run(host: Host): Promise<Table[]> {
  const site = await startSite(host, 'Kuchikomi', READERS);
  const friends = { from: 1, to: ROWS, referrers: READERS, state: 'verified' as const };
  await populateFriends(site.databaseUrl, site.publicationId, friends);
  const measured = await alternate(ROUNDS, [
    { name: 'leads.csv', round: () => exported(host, site, 'leads.csv', ROWS) },
    { name: 'subscribers.csv', round: () => exported(host, site, 'subscribers.csv', ROWS + READERS) },
  ]);
  await site.running.stop();
  const more = ['service ms', 'database ms', 'peak MB'];
  return [{ title: 'Exports', rows: tableOf(measured, 'rows/s', more) }];
}

async function exported(host: Host, { running, headers }: Site, file: string, expected: number): Promise<Figures> {
  const before = { service: cpuOf(running.pid), database: host.cpu() };
  const begin = performance.now();
  const answer = await fetch(`${running.url}/api/v1/${file}`, { headers: { authorization: headers.authorization! } });
  let rows = -1; // the header is none
  for await (const chunk of answer.body!) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) rows++;
  }
  const seconds = (performance.now() - begin) / 1_000;
  if (rows !== expected) throw new Error(`${file} answered ${answer.status} with ${rows} rows instead of ${expected}`);
  return {
    'rows/s': rows / seconds,
    'service ms': ((cpuOf(running.pid) - before.service) / rows) * 1_000,
    'database ms': ((host.cpu() - before.database) / rows) * 1_000,
    'peak MB': memoryOf(running.pid).peak,
  };
}
