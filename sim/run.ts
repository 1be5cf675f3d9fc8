import { parseArgs } from 'node:util';
import { play } from './play.js';
import { LEVELS, type Level, Product } from './product.js';
import { Server } from './server.js';
import { makeSignups, SHAPES } from './shapes.js';
import { confusionTable } from './table.js';
import { tally, targets } from './tally.js';

const HELP = `npm run simulate:fraud -- [--seed TEXT] [--signups N] [--level ${LEVELS.join('|')}]`;

/** The level whose targets decide the exit code. */
const JUDGED: Level = 'strong';

const { seed, signups: total, levels } = options();
const signups = makeSignups(seed, total);
console.log(`${signups.length} signups from the seed "${seed}"`);
for (const { name, truth, about } of SHAPES) console.log(`  ${name} (${truth}): ${about}`);

const server = await Server.start();
let code = 0;
try {
  for (const level of levels) if (!(await simulate(level))) code = 1;
} catch (error) {
  console.error(error);
  code = 1;
} finally {
  await server.stop();
}
process.exit(code);

/** Plays all signups at a level. False when it is judged and a target is missed. */
async function simulate(level: Level): Promise<boolean> {
  const started = performance.now();
  const rows = await server.withDatabase(async (url) => {
    const product = await Product.start(url, level);
    try {
      return tally(signups, await play(product, signups, progress(level)));
    } finally {
      await product.close();
    }
  });
  console.log(`\n${level} (${((performance.now() - started) / 1_000).toFixed(0)} s)\n${confusionTable(rows)}`);
  const judged = targets(rows);
  for (const { what, met } of judged)
    console.log(`${level === JUDGED ? (met ? 'met   ' : 'MISSED') : '      '} ${what}`);
  return level !== JUDGED || judged.every(({ met }) => met);
}

function progress(level: Level): (done: number) => void {
  if (!process.stdout.isTTY) return () => undefined;
  return (done) => void process.stdout.write(`\r${level} ${(100 * done).toFixed(0)} % `);
}

function options(): { seed: string; signups: number; levels: readonly Level[] } {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        signups: { type: 'string', default: '10000' },
        level: { type: 'string' },
      },
    });
    const total = Number(values.signups);
    const level = LEVELS.find((name) => name === values.level);
    if (!Number.isInteger(total) || total < 100) throw new Error('--signups takes a whole number, 100 or more');
    if (values.level !== undefined && level === undefined) throw new Error(`there is no level ${values.level}`);
    return { seed: values.seed, signups: total, levels: level === undefined ? LEVELS : [level] };
  } catch (error) {
    console.error(`${(error as Error).message}\n${HELP}`);
    process.exit(2);
  }
}
