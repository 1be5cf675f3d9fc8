import type { Benchmark, Table } from './support/benchmark.js';
import type { Host } from './support/host.js';
import { CONNECTIONS, load } from './support/load.js';
import { populateFriends } from './support/populate.js';
import { alternate, ratio, ratioRow, short, tableOf } from './support/rounds.js';
import { type Site, startSite } from './support/site.js';

/** As many for each connection. */
const CONFIRMS = Math.ceil(Number(process.env.CONFIRMS ?? 4_000) / CONNECTIONS) * CONNECTIONS;
/** What the hot referrer has before it is measured. */
const HOT = Number(process.env.HOT ?? 100_000);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const READERS = 1_000;

export const confirmsBenchmark: Benchmark = {
  name: 'confirms',
  about: `\`POST /api/v1/subscribers/{id}/confirm\`, each of another friend, by 32 keep-alive connections: active, consent, referral verified with its event and stage, the referrer's count, milestones
and the welcome mail in one transaction. Beside it \`bench/limits/site.ts\`: the same writes and locks by bare Fastify and pg. A hot referrer is one reader whom all
these friends name, with ${short(HOT)} referrals before.`,
  run,
};

interface Side {
  name: string;
  site: Site;
  pathOf: (id: string) => string;
  referrers: number;
  /** Friends made so far. */
  made: number;
}

async function run(host: Host): Promise<Table[]> {
  const bare = (id: string) => `/confirms/${id}`;
  const ours = (id: string) => `/api/v1/subscribers/${id}/confirm`;
  const sides: Side[] = [
    {
      name: 'limit: Fastify + pg',
      site: await startSite(host, 'limit', READERS),
      pathOf: bare,
      referrers: READERS,
      made: 0,
    },
    {
      name: '1,000 referrers',
      site: await startSite(host, 'Kuchikomi', READERS),
      pathOf: ours,
      referrers: READERS,
      made: 0,
    },
    {
      name: 'one hot referrer',
      site: await startSite(host, 'Kuchikomi', READERS),
      pathOf: ours,
      referrers: 1,
      made: HOT,
    },
  ];
  const hot = sides.at(-1)!.site;
  await populateFriends(hot.databaseUrl, hot.publicationId, { from: 1, to: HOT, referrers: 1, state: 'verified' });
  for (const side of sides) await confirmed(host, side);
  const measured = await alternate(
    ROUNDS,
    sides.map((side) => ({ name: side.name, round: () => confirmed(host, side) })),
  );
  await Promise.all(sides.map(({ site }) => site.running.stop()));
  const [limit, many, one] = measured;
  const ratios = [
    ratioRow('1,000 referrers : limit', 0.5, ratio(many!, limit!, 'requests/s')),
    ratioRow('one hot referrer : 1,000', 0.4, ratio(one!, many!, 'requests/s')),
  ];
  return [
    { title: 'Confirmations', rows: tableOf(measured, 'requests/s', ['server ms', 'database ms', 'p99 ms']) },
    { title: 'Ratios of one round', rows: [['', 'min', 'median', 'max', 'target'], ...ratios] },
  ];
}

async function confirmed(host: Host, side: Side) {
  const { site, referrers } = side;
  const range = { from: side.made + 1, to: side.made + CONFIRMS, referrers, state: 'pending' as const };
  const ids = (await populateFriends(site.databaseUrl, site.publicationId, range))[Symbol.iterator]();
  side.made += CONFIRMS;
  await host.quiet();
  const request = () => ({
    method: 'POST' as const,
    path: side.pathOf(ids.next().value!),
    headers: site.headers,
    body: '{}',
  });
  return load(host, site.running, { until: { requests: CONFIRMS }, expected: 200, request });
}
