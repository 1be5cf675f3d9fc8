// `npm run kuchikomi -- import …` and `npm run demo:readers -- 10000`: builds if needed, then runs a built program.
import './node-version.mjs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { aloneInCheckout, ROOT } from './step.mjs';

process.env.INIT_CWD ??= process.cwd();
process.chdir(ROOT);
// What is said on the way must not get into a file that stdout is led to.
const write = process.stdout.write;
process.stdout.write = process.stderr.write.bind(process.stderr);
await aloneInCheckout(async () => {
  await ensureInstalled();
  await ensureBuilt();
});
process.stdout.write = write;
process.setSourceMapsEnabled(true);
await import(pathToFileURL(path.join(ROOT, 'dist', 'src', 'cli.js')).href);
