import { parseArgs } from 'node:util';
import { LEVELS, type Level } from './product.js';
import type { Shape } from './shape.js';
import { SHAPES } from './shapes.js';

const HELP = `npm run simulate:fraud -- [--seed TEXT] [--signups N] [--level ${LEVELS.join('|')}] [--only SHAPE|honest|attack|apart]`;

export interface Options {
  seed: string;
  /** Of all shapes, also where only some are played: those are as many as they would be among the others. */
  signups: number;
  /** Null for all, one beside the other. */
  level: Level | null;
  shapes: readonly Shape[];
}

/** What the command line asks for; ends the process where that makes no sense. */
export function readOptions(): Options {
  const texts = {
    seed: { type: 'string', default: '1' },
    signups: { type: 'string', default: '10000' },
    level: { type: 'string' },
    only: { type: 'string' },
  } as const;
  try {
    const { values } = parseArgs({ options: texts });
    const signups = Number(values.signups);
    const level = LEVELS.find((name) => name === values.level);
    const shapes = SHAPES.filter(({ name, truth }) => values.only === undefined || [name, truth].includes(values.only));
    if (!Number.isInteger(signups) || signups < 100) throw new Error('--signups takes a whole number, 100 or more');
    if (values.level !== undefined && level === undefined) throw new Error(`there is no level ${values.level}`);
    if (shapes.length === 0) throw new Error(`there is no shape ${values.only}`);
    return { seed: values.seed, signups, level: level ?? null, shapes };
  } catch (error) {
    console.error(`${(error as Error).message}\n${HELP}`);
    process.exit(2);
  }
}
