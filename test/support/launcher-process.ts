import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import ts from 'typescript';

/*
 * The launcher in a process of its own, to be killed. Node 20 cannot run TypeScript, so the launcher's files are
 * transpiled, once a test file, into a directory from which its packages are found.
 */

const ROOT = path.resolve(import.meta.dirname, '../..');
const FILES = [
  'embedded-postgres.ts',
  ...['binaries', 'cluster', 'server-process', 'start-lock'].map((name) => `embedded-postgres/${name}.ts`),
];

export interface LauncherProcess {
  child: ChildProcess;
  url: string;
  startedHere: boolean;
  /** Calls stop() and ends the process. */
  stop(): Promise<void>;
}

export interface TranspiledLauncher {
  /** Starts a process that calls startEmbeddedPostgres, and answers when that has returned. */
  run(dataDir: string, as?: { uid: number; gid: number }): Promise<LauncherProcess>;
  remove(): void;
}

export function transpileLauncher(): TranspiledLauncher {
  const cache = path.join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const out = mkdtempSync(path.join(cache, 'launcher-'));
  mkdirSync(path.join(out, 'embedded-postgres'));
  writeFileSync(path.join(out, 'package.json'), '{"type":"module"}');
  for (const file of FILES) {
    const source = readFileSync(path.join(ROOT, 'src/platform', file), 'utf8');
    const { module, target } = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
    const { outputText } = ts.transpileModule(source, { compilerOptions: { module, target } });
    writeFileSync(path.join(out, file.replace(/ts$/, 'js')), outputText);
  }
  writeFileSync(path.join(out, 'run.js'), RUN);
  spawnSync('chmod', ['-R', 'a+rX', out]);
  return {
    run: (dataDir, as) => runLauncher(path.join(out, 'run.js'), dataDir, as),
    remove: () => rmSync(out, { recursive: true, force: true }),
  };
}

/** Prints what it got as one line of JSON; a line on stdin stops it. */
const RUN = `
  import { startEmbeddedPostgres } from './embedded-postgres.js';
  const noSync = { initArgs: ['--no-sync', '--wal-segsize=1'] };
  const { url, startedHere, stop } = await startEmbeddedPostgres({ dataDir: process.argv[2], log: () => {}, ...noSync });
  console.log(JSON.stringify({ url, startedHere }));
  process.stdin.once('data', () => stop().then(() => process.exit(0)));
`;

async function runLauncher(
  script: string,
  dataDir: string,
  as?: { uid: number; gid: number },
): Promise<LauncherProcess> {
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/', ...as });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void ended.then(() => reject(new Error(`The launcher ended: ${said}`)));
  });
  const { url, startedHere } = JSON.parse(line) as { url: string; startedHere: boolean };
  const stop = (): Promise<void> => {
    child.stdin.write('stop\n');
    return ended;
  };
  return { child, url, startedHere, stop };
}
