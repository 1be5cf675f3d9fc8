// `npm test`: installs if needed, runs all tests, and ends with one line `N passed, N failed`.
// Further arguments go to vitest: npm test -- test/medium/database.medium.ts
import './node-version.mjs';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureInstalled } from './install.mjs';
import { aloneInCheckout, ROOT } from './step.mjs';

await aloneInCheckout(ensureInstalled);
const scratch = mkdtempSync(path.join(tmpdir(), 'kuchikomi-results-'));
const report = path.join(scratch, 'results.json');
const code = await runVitest([
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
const { passed, failed, skipped } = count(report, code);
rmSync(scratch, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;

function runVitest(args) {
  const vitest = path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', ...args], { cwd: ROOT, stdio: 'inherit' });
  // A Ctrl-C reaches vitest from the terminal; it tears down the test database, and we wait for that.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.once('close', (status) => resolve(status ?? 1)));
}

/** Counts tests. A file that could not be loaded, and an error outside of all tests, count as one failed test each. */
function count(file, exitCode) {
  const result = readResult(file);
  const broken = result.testResults.filter(
    (f) => f.status === 'failed' && !f.assertionResults.some((t) => t.status === 'failed'),
  );
  const failed = result.numFailedTests + broken.length;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: result.numPendingTests + (result.numTodoTests ?? 0),
  };
}

function readResult(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { testResults: [], numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
  }
}
