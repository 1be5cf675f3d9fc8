// `npm start`: from a bare clone to a running service. Plain Node: nothing is installed when this begins.
import './node-version.mjs';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { aloneInCheckout, ROOT } from './step.mjs';

process.chdir(ROOT); // as npm does: a relative DATA_DIR means the same however this is started
if (existsSync('.env')) process.loadEnvFile('.env');

// With DATABASE_URL several processes may run from one checkout (ROLE=web beside ROLE=worker), and none is "the" service.
const running = process.env.DATABASE_URL ? undefined : await findRunningService();
if (running) {
  // Not an error: what was asked for, a running Kuchikomi, is there, and a supervisor need not try again.
  console.log(`Kuchikomi already runs at ${running.url} (pid ${running.pid}).`);
  process.exit(0);
}
await aloneInCheckout(async () => {
  await ensureInstalled();
  await ensureBuilt();
});
// In this same process, not a child: signals, exit code and pid are then the service's own. A child would get a Ctrl-C
// twice, from the terminal and from a parent that forwards it, and a kill -9 of the parent would leave it behind.
process.setSourceMapsEnabled(true);
await import(pathToFileURL(path.join(ROOT, 'dist', 'src', 'main.js')).href);

/** The service of this DATA_DIR as it wrote of itself in service.json, if that process lives and its URL answers. */
async function findRunningService() {
  try {
    const file = path.resolve(process.env.DATA_DIR || 'data', 'service.json');
    const service = JSON.parse(readFileSync(file, 'utf8'));
    if (!isRunning(service.pid)) return undefined;
    const answer = await fetch(new URL('/health/live', service.url), { signal: AbortSignal.timeout(2000) });
    return answer.ok ? service : undefined;
  } catch {
    return undefined; // no file, or nobody there: the service's own lock decides in the end
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM'; // it lives, as another user
  }
}
