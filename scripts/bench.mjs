// `npm run bench` measures everything, `npm run bench -- import` one thing: builds the service and bench/ if needed, then runs bench/run.ts.
import './node-version.mjs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { aloneInCheckout, ROOT, step } from './step.mjs';

process.chdir(ROOT);
await aloneInCheckout(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  await step('Building bench/', process.execPath, [tsc, '-p', 'tsconfig.bench.json'], (output) => output);
});
process.setSourceMapsEnabled(true);
await import(pathToFileURL(path.join(ROOT, 'dist', 'bench', 'run.js')).href);
