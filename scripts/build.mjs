import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, step } from './step.mjs';

const SOURCES = ['src', 'migrations', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package-lock.json'];
const STAMP = path.join(ROOT, 'dist', '.built-from');

/** Builds dist/, unless it was built from these very sources. */
export async function ensureBuilt() {
  if (isBuilt()) return;
  const nest = path.join(ROOT, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  await step('Building', process.execPath, [nest, 'build'], buildAdvice);
  writeFileSync(STAMP, fingerprint());
}

/** The build empties dist/ first, stamp and all: one that was killed in the middle counts as none. */
export function isBuilt() {
  try {
    return readFileSync(STAMP, 'utf8') === fingerprint();
  } catch {
    return false;
  }
}

/** Contents, not times: `git clone` and `git checkout` set times to now. Some 200 small files, a few milliseconds. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES)
    for (const file of filesOf(source)) hash.update(`${file}\0`).update(readFileSync(path.join(ROOT, file)));
  return hash.digest('hex');
}

function filesOf(source) {
  if (path.extname(source) !== '') return [source];
  const entries = readdirSync(path.join(ROOT, source), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'));
  return files.map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name))).sort();
}

function buildAdvice(output) {
  if (/ENOSPC/.test(output)) return 'The disk is full: free some space and start again.';
  if (/EACCES|EPERM/.test(output))
    return `This user may not write to ${ROOT}: start as its owner, or change its owner.`;
  return 'The build failed. If you changed the sources, fix the errors above (`npm run types` lists them); if not, `git status` shows what differs from the release.';
}
