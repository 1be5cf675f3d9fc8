import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PROJECT_ROOT } from './templates.js';

const require = createRequire(import.meta.url);

/** Folders whose files are served, each under a prefix of its own, below `/assets/`. The last one that fits counts. */
export const ASSET_FOLDERS: readonly [prefix: string, root: string][] = [
  ['/assets/', path.join(PROJECT_ROOT, 'public')],
  ['/assets/fonts/inter/', packageFolder('@fontsource-variable/inter')],
  ['/assets/htmx/', path.join(packageFolder('htmx.org'), 'dist')],
];

const urls = new Map<string, string>();

/** The URL of a file as `staff.css` or `htmx/htmx.min.js`. It carries the file's hash, so that a new release is never shown with old files. */
export function assetUrl(file: string): string {
  const known = urls.get(file);
  if (known !== undefined) return known;
  const url = `/assets/${file}`;
  const [prefix, root] = ASSET_FOLDERS.findLast(([begins]) => url.startsWith(begins))!;
  const hash = createHash('sha256')
    .update(readFileSync(path.join(root, url.slice(prefix.length))))
    .digest('hex');
  urls.set(file, `${url}?v=${hash.slice(0, 10)}`);
  return urls.get(file)!;
}

export function packageFolder(name: string): string {
  return path.dirname(require.resolve(`${name}/package.json`));
}
