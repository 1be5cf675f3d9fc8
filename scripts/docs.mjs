// `npm run docs` writes the generated documents, `npm run docs:check` compares them: src/docs.ts does it, built if needed.
import './node-version.mjs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { aloneInCheckout, ROOT } from './step.mjs';

await aloneInCheckout(async () => {
  await ensureInstalled();
  await ensureBuilt();
});
await import(pathToFileURL(path.join(ROOT, 'dist', 'src', 'docs.js')).href);
