import type { Benchmark, Table } from './support/benchmark.js';
import { type Host, withClient } from './support/host.js';
import { short } from './support/rounds.js';
import { type Site, startSite } from './support/site.js';

/** Of each kind, sent one at a time in shuffled order. */
const EACH = Number(process.env.EACH ?? 300);
const READERS = 1_000;
const BLOCKED_DOMAIN = 'blocked-by-us.example';

export const answersBenchmark: Benchmark = {
  name: 'answers',
  about: `How long \`POST /join/{publication}\` takes for an address of each kind, one at a time over one connection, ${EACH} of each in shuffled order. The bytes of the answers are the
same (\`test/medium/same-bytes.medium.ts\`); here is what a stopwatch sees. No limit program: the kinds are each other's.`,
  run,
};

/** What an address has been through before it is typed into the form. */
const KINDS: readonly { name: string; email: (n: number) => string; before?: (site: Site, email: string) => Promise<void>; fields?: object }[] = [
  { name: 'new', email: (n) => `new-${n}@mail.example` },
  { name: 'active', email: (n) => `active-${n}@mail.example`, before: (site, email) => api(site, 'POST', '/subscribers', { email, confirmed: true }).then(() => undefined) },
  { name: 'pending, mailed just now', email: (n) => `pending-${n}@mail.example`, before: (site, email) => api(site, 'POST', '/subscribers', { email }).then(() => undefined) },
  { name: 'unsubscribed', email: (n) => `left-${n}@mail.example`, before: (site, email) => confirmedThen(site, email, 'POST', '/unsubscribe') },
  { name: 'bounced', email: (n) => `bounced-${n}@mail.example`, before: bounced },
  { name: 'erased', email: (n) => `erased-${n}@mail.example`, before: (site, email) => confirmedThen(site, email, 'DELETE', '') },
  { name: 'disposable', email: (n) => `someone-${n}@mailinator.com` },
  { name: 'of a blocked domain', email: (n) => `someone-${n}@${BLOCKED_DOMAIN}` },
  { name: 'in the trap for robots', email: (n) => `robot-${n}@mail.example`, fields: { website: 'x' } },
]; // prettier-ignore

async function run(host: Host): Promise<Table[]> {
  const site = await startSite(host, 'Kuchikomi', READERS);
  await api(site, 'POST', '/fraud-lists', { list: 'block', kind: 'domain', value: BLOCKED_DOMAIN });
  for (const { email, before } of KINDS) {
    for (let n = 0; n < EACH; n++) await before?.(site, email(n));
  }
  await host.quiet();
  for (let n = 0; n < EACH; n++) await join(site, `warm-${n}@mail.example`, {});
  const took = new Map<string, number[]>(KINDS.map(({ name }) => [name, []]));
  for (const { name, email, fields } of shuffled(
    KINDS.flatMap((kind) => range(EACH).map((n) => ({ ...kind, email: kind.email(n) }))),
  )) {
    took.get(name)!.push(await join(site, email, fields ?? {}));
  }
  await site.running.stop();
  const median = quantile(took.get('new')!, 0.5);
  const rows = [...took].map(([name, times]) => [
    name,
    ...[0.5, 0.95].map((q) => short(quantile(times, q))),
    short(quantile(times, 0.5) / median),
  ]);
  return [
    { title: 'Milliseconds to the answer', rows: [['', 'median', 'p95', 'median : that of a new one'], ...rows] },
  ];
}

let networks = 0;

/** Sends the form from a network of its own, as the limit of forms counts them. Answers milliseconds. */
async function join({ running }: Site, email: string, fields: object): Promise<number> {
  const network = ++networks;
  const began = performance.now();
  const { status } = await fetch(`${running.url}/join/letter`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'x-forwarded-for': `100.${64 + (network >> 16)}.${(network >> 8) & 255}.${network & 255}` },
    body: new URLSearchParams({ email, ...fields }),
  });
  const took = performance.now() - began;
  if (status !== 303) throw new Error(`the form answered ${status}`);
  return took;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- of any shape; the caller knows which
async function api({ running, headers }: Site, method: 'POST' | 'DELETE', path: string, body?: object): Promise<any> {
  const answer = await fetch(`${running.url}/api/v1${path}`, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? null : answer.json();
}

async function confirmedThen(site: Site, email: string, method: 'POST' | 'DELETE', path: string): Promise<void> {
  const { subscriber } = await api(site, 'POST', '/subscribers', { email, confirmed: true });
  await api(site, method, `/subscribers/${subscriber.id}${path}`, method === 'POST' ? {} : undefined);
}

/** No call makes an address bounce. */
async function bounced(site: Site, email: string): Promise<void> {
  await api(site, 'POST', '/subscribers', { email, confirmed: true });
  await withClient(site.databaseUrl, (client) =>
    client.query(`update subscribers set status = 'bounced' where email = $1`, [email]),
  );
}

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}
