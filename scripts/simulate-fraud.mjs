// `npm run simulate:fraud -- --seed 7 --signups 10000 --level strong`: builds the service and sim/ if needed, then runs sim/run.ts.
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
  await step('Building sim/', process.execPath, [tsc, '-p', 'tsconfig.sim.json'], (output) => output);
});
process.setSourceMapsEnabled(true);
await import(pathToFileURL(path.join(ROOT, 'dist', 'sim', 'run.js')).href);
