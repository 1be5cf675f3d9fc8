import type { Request } from 'autocannon';
import type { Benchmark, Table } from './support/benchmark.js';
import type { Host } from './support/host.js';
import { load } from './support/load.js';
import { codeOf } from './support/populate.js';
import { alternate, ratio, ratioRow, short, tableOf } from './support/rounds.js';
import { type Site, startSite } from './support/site.js';

const MANY = Number(process.env.SUBSCRIBERS ?? 1_000_000);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const SECONDS = Number(process.env.SECONDS ?? 8);
const FEW = 1_000;

export const signupsBenchmark: Benchmark = {
  name: 'signups',
  about: `\`POST /api/v1/subscribers\` with the share code of a reader, by 32 keep-alive connections: reader, share code, referral with its event, consent and confirm mail in one
transaction, and the whole subscriber as an answer. Beside it \`bench/limits/site.ts\`: the same writes by bare Fastify and pg in one transaction; no key, no checks, nothing read back.`,
  run,
};

async function run(host: Host): Promise<Table[]> {
  const sides: [name: string, site: Site, path: string, readers: number][] = [
    ['limit: Fastify + pg', await startSite(host, 'limit', FEW), '/signups', FEW],
    ['among 1,000 subscribers', await startSite(host, 'Kuchikomi', FEW), '/api/v1/subscribers', FEW],
    [`among ${short(MANY)}`, await startSite(host, 'Kuchikomi', MANY), '/api/v1/subscribers', MANY],
  ];
  for (const [, site, path, readers] of sides) await load(host, site.running, signups(site, path, readers, 3));
  const measured = await alternate(
    ROUNDS,
    sides.map(([name, site, path, readers]) => {
      const round = async () => {
        await host.quiet();
        return load(host, site.running, signups(site, path, readers, SECONDS));
      };
      return { name, round };
    }),
  );
  await Promise.all(sides.map(([, { running }]) => running.stop()));
  const [bare, few, many] = measured;
  const ratios = [
    ratioRow('1,000 subscribers : limit', 0.5, ratio(few!, bare!, 'requests/s')),
    ratioRow(`${short(MANY)} : 1,000 subscribers`, 0.9, ratio(many!, few!, 'requests/s')),
  ];
  return [
    { title: 'Signups', rows: tableOf(measured, 'requests/s', ['server ms', 'database ms', 'p99 ms']) },
    { title: 'Ratios of one round', rows: [['', 'min', 'median', 'max', 'target'], ...ratios] },
  ];
}

let made = 0;

function signups({ headers }: Site, path: string, readers: number, seconds: number) {
  const request = (): Request => {
    const ref = codeOf(1 + Math.floor(Math.random() * readers));
    const body = JSON.stringify({ email: `new${++made}@mail.example`, ref });
    return { method: 'POST', path, headers, body };
  };
  return { until: { seconds }, expected: 201, request };
}
