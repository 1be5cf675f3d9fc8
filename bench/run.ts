import { answersBenchmark } from './answers.bench.js';
import { clicksBenchmark } from './clicks.bench.js';
import { confirmsBenchmark } from './confirms.bench.js';
import { exportBenchmark } from './export.bench.js';
import { importBenchmark } from './import.bench.js';
import { mailBenchmark } from './mail.bench.js';
import { signupsBenchmark } from './signups.bench.js';
import { startBenchmark } from './start.bench.js';
import type { Benchmark } from './support/benchmark.js';
import { Host } from './support/host.js';
import { killAll } from './support/processes.js';
import { report } from './support/report.js';

const ALL: readonly Benchmark[] = [
  importBenchmark,
  clicksBenchmark,
  mailBenchmark,
  signupsBenchmark,
  answersBenchmark,
  confirmsBenchmark,
  exportBenchmark,
  startBenchmark,
];

const names = ALL.map(({ name }) => name);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${names.join(', ')}.`);
  process.exit(1);
}

const host = await Host.start();
const leave = (code: number) => {
  killAll();
  void host.stop().finally(() => process.exit(code));
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => leave(1));
try {
  console.log(host.about);
  for (const benchmark of ALL.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
    console.log(`\n${benchmark.name}`);
    const tables = await benchmark.run(host);
    for (const { title, rows } of tables) console.log([title, ...rows.map((cells) => cells.join('\t'))].join('\n  '));
    await report(benchmark, tables, host.about, names);
  }
  leave(0);
} catch (error) {
  console.error(error);
  leave(1);
}
