import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { uuidv7 } from 'uuidv7';
import { copyAndMerge, readyLine } from './limits/copy-and-merge.js';
import type { Benchmark, Table } from './support/benchmark.js';
import { type Base, type Host, withClient } from './support/host.js';
import { ended, memoryOf, spawned } from './support/processes.js';
import { makePublication, settings } from './support/publication.js';
import { alternate, type Figures, ratio, ratioRow, short, tableOf } from './support/rounds.js';

const CLI = path.resolve(import.meta.dirname, '../src/cli.js');
const ROWS = Number(process.env.ROWS ?? 1_000_000);
const ROUNDS = Number(process.env.ROUNDS ?? 3);

export const importBenchmark: Benchmark = {
  name: 'import',
  about: `\`kuchikomi import\` of a CSV file, the whole command from its start to its end: rows read, checked and staged, verdicts, readers, consents,
participants, share codes, in steps that survive a kill. Beside it \`bench/limits/copy-and-merge.ts\`: ready lines by COPY into the same tables and one plain \`insert … select\`
for each, one transaction, nothing checked. Each round begins with an empty database. \`ROWS\` and \`ROUNDS\` in the environment change the size.`,
  run,
};

async function run(host: Host): Promise<Table[]> {
  const file = path.join(host.folder, 'readers.csv');
  await writeReaders(file, ROWS);
  const [ours, limit] = await alternate(ROUNDS, [
    { name: 'Kuchikomi', round: () => onNewBase(host, (base) => imported(base, host, file, ROWS)) },
    { name: 'COPY + merge', round: () => onNewBase(host, (base) => copied(base, host)) },
  ]);
  const tenth = Math.max(1, Math.round(ROWS / 10));
  await writeReaders(file, tenth);
  const small = await onNewBase(host, (base) => imported(base, host, file, tenth));
  const large = Math.max(...ours!.rounds.map((round) => round['peak MB'] ?? NaN));
  return [
    {
      title: `${short(ROWS)} readers`,
      rows: [
        ...tableOf([ours!, limit!], 'rows/s', []),
        ratioRow('ratio', 0.6, ratio(ours!, limit!, 'rows/s')).slice(0, 4),
      ],
    },
    {
      title: 'Most memory that the importing process ever held (`VmHWM`); the target is 300 MB, whatever the size',
      rows: [
        ['rows', 'MB'],
        [short(tenth), short(small['peak MB']!)],
        [short(ROWS), short(large)],
      ],
    },
  ];
}

async function onNewBase(host: Host, work: (base: Base) => Promise<Figures>): Promise<Figures> {
  const base = await host.database();
  try {
    return await work(base);
  } finally {
    await base.drop();
  }
}

async function writeReaders(file: string, count: number): Promise<void> {
  const line = (n: number) => `ours.reader${n}@mail.example,Reader ${n},ours-${n}\n`;
  await pipeline(Readable.from(pieces('email,firstName,shareCode\n', count, line)), createWriteStream(file));
}

function* pieces(head: string, count: number, line: (n: number) => string): Generator<string> {
  let text = head;
  for (let n = 1; n <= count; n++) {
    text += line(n);
    if (text.length < 64_000 && n < count) continue;
    yield text;
    text = '';
  }
}

async function imported(base: Base, host: Host, file: string, count: number): Promise<Figures> {
  await makePublication(base.url, host.folder);
  await host.quiet();
  const before = performance.now();
  const cpuBefore = host.cpu();
  const args = [CLI, 'import', file, '--publication', 'letter', '--consent', 'the benchmark'];
  const child = spawned(args, settings(base.url, host.folder));
  let peak = NaN;
  const watch = setInterval(() => (peak = memoryOf(child.pid!).peak || peak), 50);
  child.stdout!.resume();
  const code = await ended(child);
  clearInterval(watch);
  const seconds = (performance.now() - before) / 1_000;
  if (code !== 0) throw new Error(`the import ended with ${code}`);
  const databaseSeconds = (host.cpu() - cpuBefore) / 1_000;
  await expectReaders(base, count);
  return { 'rows/s': count / seconds, seconds, 'peak MB': peak, 'database CPU s': databaseSeconds };
}

async function copied(base: Base, host: Host): Promise<Figures> {
  const publication = await makePublication(base.url, host.folder);
  const owner = { publicationId: publication.id, importId: uuidv7() };
  const file = path.join(host.folder, 'ready.copy');
  await pipeline(Readable.from(pieces('', ROWS, (n) => readyLine(owner, n, 'ours'))), createWriteStream(file));
  return withClient(base.url, async (client) => {
    const { rows } = await client.query<{ id: string }>('select id from programs');
    await host.quiet();
    const before = performance.now();
    const cpuBefore = host.cpu();
    await copyAndMerge(client, { ...owner, programId: rows[0]!.id }, file);
    const seconds = (performance.now() - before) / 1_000;
    const databaseSeconds = (host.cpu() - cpuBefore) / 1_000;
    await expectReaders(base, ROWS);
    return { 'rows/s': ROWS / seconds, seconds, 'database CPU s': databaseSeconds };
  });
}

async function expectReaders(base: Base, count: number): Promise<void> {
  await withClient(base.url, async (client) => {
    const { rows } = await client.query<Record<string, number>>(
      `select (select count(*)::int from subscribers) as subscribers, (select count(*)::int from consents) as consents,
         (select count(*)::int from participants) as participants, (select count(*)::int from share_codes) as codes`,
    );
    const wrong = Object.entries(rows[0]!).filter(([, found]) => found !== count);
    if (wrong.length > 0) throw new Error(`not all rows were made: ${JSON.stringify(rows[0])} of ${count}`);
  });
}
