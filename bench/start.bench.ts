import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Table } from './support/benchmark.js';
import type { Host } from './support/host.js';
import { memoryOf } from './support/processes.js';
import { alternate, type Figures, tableOf } from './support/rounds.js';
import { startService } from './support/service.js';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const IDLE_MS = 5_000;

export const startBenchmark: Benchmark = {
  name: 'start',
  about: `From the start of the built service to the first yes of \`/health/ready\`, with an embedded database that is there already, and the memory that the service (without its PostgreSQL) holds after 5 s
of nothing to do. The targets are 3 s and 200 MB.`,
  run,
};

async function run(host: Host): Promise<Table[]> {
  const folder = path.join(host.folder, 'start');
  mkdirSync(folder, { mode: 0o711 });
  await started(folder); // makes the database
  const measured = await alternate(ROUNDS, [{ name: 'Kuchikomi', round: () => started(folder) }]);
  return [{ title: 'Starts', rows: tableOf(measured, 'seconds', ['idle MB', 'peak MB']) }];
}

async function started(folder: string): Promise<Figures> {
  const begin = performance.now();
  const service = await startService('', folder);
  const seconds = (performance.now() - begin) / 1_000;
  await sleep(IDLE_MS);
  const { now, peak } = memoryOf(service.pid);
  await service.stop();
  return { seconds, 'idle MB': now, 'peak MB': peak };
}
