import type { Request } from 'autocannon';
import type { Benchmark, Table } from './support/benchmark.js';
import type { Host } from './support/host.js';
import { load } from './support/load.js';
import { codeOf, populate } from './support/populate.js';
import { makePublication } from './support/publication.js';
import { alternate, ratio, ratioRow, short, tableOf } from './support/rounds.js';
import { type Running, startProgram, startService } from './support/service.js';

const CODES = Number(process.env.CODES ?? 1_000_000);
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SECONDS = Number(process.env.SECONDS ?? 8);
const FEW = 1_000;

export const clicksBenchmark: Benchmark = {
  name: 'clicks',
  about: `\`GET /r/{code}\` by 32 keep-alive connections, each visit another visitor's. Every redirect waits until its click is committed. Kuchikomi looks the code up, tells robots and
repeats, and signs the click's id. Beside it \`bench/limits/clicks.ts\`: bare Fastify and pg with the same group commit and none of that. CPU is per request.`,
  run,
};

async function run(host: Host): Promise<Table[]> {
  const [few, many] = [await readers(host, FEW), await readers(host, CODES)];
  const limit = await startProgram('limits/clicks', { DATABASE_URL: (await host.database()).url });
  const sides: [name: string, running: Running, codes: number][] = [
    ['limit: Fastify + pg, group commit', limit, FEW],
    ['1,000 links', few, FEW],
    ['one hot link', few, 1],
    [`${short(CODES)} links`, many, CODES],
  ];
  for (const [, running, codes] of sides) await load(host, running, visits(codes, 3));
  const measured = await alternate(
    ROUNDS,
    sides.map(([name, running, codes]) => {
      const round = async () => {
        await host.quiet();
        return load(host, running, visits(codes, SECONDS));
      };
      return { name, round };
    }),
  );
  await Promise.all([few, many, limit].map((running) => running.stop()));
  const [bare, thousand, hot, million] = measured;
  const ratios = [
    ratioRow('1,000 links : limit', 0.6, ratio(thousand!, bare!, 'requests/s')),
    ratioRow('one hot link : 1,000 links', 1, ratio(hot!, thousand!, 'requests/s')),
    ratioRow(`${short(CODES)} links : 1,000 links`, 0.8, ratio(million!, thousand!, 'requests/s')),
  ];
  return [
    { title: 'Redirects', rows: tableOf(measured, 'requests/s', ['server ms', 'database ms', 'p99 ms']) },
    { title: 'Ratios of one round', rows: [['', 'min', 'median', 'max', 'target'], ...ratios] },
  ];
}

async function readers(host: Host, count: number): Promise<Running> {
  const { url } = await host.database();
  const publication = await makePublication(url, host.folder);
  await populate(url, publication.id, count);
  return startService(url, host.folder);
}

/** A visitor each, by a browser that is not told from others and an address that is. */
function visits(codes: number, seconds: number) {
  const byte = () => Math.floor(Math.random() * 254) + 1;
  const request = (): Request => ({
    method: 'GET',
    path: `/r/${codeOf(1 + Math.floor(Math.random() * codes))}`,
    headers: {
      'user-agent':
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
      'x-forwarded-for': `20.${byte()}.${byte()}.${byte()}`,
    },
  });
  return { until: { seconds }, expected: 302, request };
}
