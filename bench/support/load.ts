import autocannon, { type Client, type Request, type Result } from 'autocannon';
import type { Host } from './host.js';
import { cpuOf } from './processes.js';
import type { Figures } from './rounds.js';
import type { Running } from './service.js';

export const CONNECTIONS = 32;
/** Requests that a connection knows by heart: making each anew would be half of what the load generator does. */
const PREPARED = 2_000;

interface Load {
  /** So long, or so many requests, each of which is sent once. */
  until: { seconds: number } | { requests: number };
  expected: number;
  request: () => Request;
}

/** 32 keep-alive connections; answers requests a second and what each cost in CPU. Any other status than `expected` fails. */
export async function load(host: Host, { url, pid }: Running, { until, expected, request }: Load): Promise<Figures> {
  const before = { server: cpuOf(pid), database: host.cpu() };
  const prepared = 'requests' in until ? Math.ceil(until.requests / CONNECTIONS) : PREPARED;
  const setupClient = (client: Client) => client.setRequests(Array.from({ length: prepared }, request));
  const end = 'requests' in until ? { amount: prepared * CONNECTIONS } : { duration: until.seconds };
  const begin = performance.now();
  const result: Result = await autocannon({ url, connections: CONNECTIONS, ...end, setupClient });
  const seconds = (performance.now() - begin) / 1_000;
  const done = result.requests.total;
  const wrong = Object.keys(result.statusCodeStats ?? {}).filter((status) => Number(status) !== expected);
  if (wrong.length > 0 || result.errors > 0 || done === 0) {
    throw new Error(
      `not all answers were ${expected}: ${JSON.stringify(result.statusCodeStats)}, ${result.errors} errors`,
    );
  }
  return {
    'requests/s': done / seconds,
    'server ms': (cpuOf(pid) - before.server) / done,
    'database ms': (host.cpu() - before.database) / done,
    'p99 ms': result.latency.p99,
  };
}
