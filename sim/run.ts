import { spawn } from 'node:child_process';
import { type Options, readOptions } from './options.js';
import { play } from './play.js';
import { LEVELS, type Level, Product } from './product.js';
import { Server } from './server.js';
import { makeSignups } from './shapes.js';
import { confusionTable } from './table.js';
import { tally, targets } from './tally.js';

/** The level whose targets decide the exit code. */
const JUDGED: Level = 'strong';

const asked = readOptions();
process.exitCode = asked.level === null ? await allLevels(asked) : await oneLevel(asked, asked.level);
process.exit();

/** Each level in a process of its own, all at once: a level is one thing after the other, as time is. */
async function allLevels({ shapes }: Options): Promise<number> {
  for (const { name, truth, about } of shapes) console.log(`${name} (${truth}): ${about}`);
  const args = [...process.execArgv, import.meta.filename, ...process.argv.slice(2)];
  const ends = await Promise.all(LEVELS.map((level) => collect([...args, '--level', level])));
  for (const { output } of ends) console.log(`\n${output.trimEnd()}`);
  return Math.max(...ends.map(({ code }) => code));
}

function collect(args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    process.once('SIGTERM', () => child.kill()); // a Ctrl-C reaches them by itself
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Plays all signups at a level. Answers 1 when the level is judged and a target is missed. */
async function oneLevel({ seed, signups: total, shapes }: Options, level: Level): Promise<number> {
  const started = performance.now();
  const signups = makeSignups(seed, total, shapes);
  const starting = Server.start();
  const breakOff = () => void starting.then((server) => server.stop()).finally(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, breakOff);
  const server = await starting;
  try {
    const rows = await server.withDatabase(async (url) => {
      const product = await Product.start(url, level);
      try {
        return tally(signups, await play(product, signups, (done) => tellProgress(level, done)));
      } finally {
        await product.close();
      }
    });
    const seconds = ((performance.now() - started) / 1_000).toFixed(0);
    console.log(`${level}: ${signups.length} signups from the seed ${seed} (${seconds} s)\n${confusionTable(rows)}`);
    const judged = targets(rows);
    for (const { what, met } of judged) console.log(`${met ? 'met   ' : 'MISSED'} ${what}`);
    return level === JUDGED && judged.some(({ met }) => !met) ? 1 : 0;
  } finally {
    await server.stop();
  }
}

function tellProgress(level: Level, done: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${level} ${(100 * done).toFixed(0)} % `);
}
