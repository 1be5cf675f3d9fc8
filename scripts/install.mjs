import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, step } from './step.mjs';

/** Installs the packages of the lock file, unless npm's own record says that they are there. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await step('Installing packages', 'npm', args, installAdvice);
}

/**
 * Compares npm's record of what it installed, which it writes last, with the lock file, package by package. Times of files
 * would not do: `git clone` and `git checkout` set them to now. Packages for other platforms are rightly missing.
 */
export function isInstalled() {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  if (!wanted)
    throw new Error('package-lock.json is missing or unreadable. Restore it: git checkout package-lock.json');
  if (!installed) return false;
  return Object.entries(wanted).every(([where, { version, optional }]) => {
    if (where === '') return true; // Kuchikomi itself
    return installed[where] ? installed[where].version === version : optional === true;
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function installAdvice(output) {
  if (/ENOSPC/.test(output)) return 'The disk is full: free some space and run the same command again.';
  if (/EACCES|EPERM/.test(output)) return `This user may not write to ${ROOT}: run as its owner, or change its owner.`;
  if (/ENOENT.*npm|spawn npm/.test(output))
    return 'npm is not on the PATH; it comes with Node: https://nodejs.org/en/download.';
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONN|E40\d|ETARGET/.test(output)) {
    return 'The packages could not be fetched. Check the network and `npm config get registry`, then run the same command again.';
  }
  return 'The packages could not be installed. Run `npm ci` to see all of its output, then the same command again.';
}
