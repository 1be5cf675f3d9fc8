import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, spawned } from './processes.js';
import { settings } from './publication.js';

const MAIN = path.resolve(import.meta.dirname, '../../src/main.js');
const READY_WITHIN_MS = 60_000;

/** A program under load: Kuchikomi's service or a limit program. */
export interface Running {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** The built service as an operator starts it. */
export async function startService(
  databaseUrl: string,
  folder: string,
  env: Record<string, string> = {},
): Promise<Running> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawned([MAIN], { ...settings(databaseUrl, folder), PORT: String(port), PUBLIC_URL: url, ...env });
  let said = '';
  child.stdout!.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-4_000)));
  await untilReady(url, child, () => said);
  return { url, pid: child.pid!, stop: () => stop(child) };
}

/** Waits until /health/ready says yes. */
async function untilReady(url: string, child: ChildProcess, said: () => string): Promise<void> {
  const giveUp = performance.now() + READY_WITHIN_MS;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || performance.now() > giveUp) throw new Error(`the service did not start: ${said()}`);
    await sleep(10);
  }
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** A process of bench/ that can be spoken to. */
export interface Program extends Running {
  child: ChildProcess;
  port: number;
}

/** A program under bench/, which tells its port when it listens, or 0. */
export async function startProgram(name: string, env: Record<string, string>): Promise<Program> {
  const child = spawned([path.resolve(import.meta.dirname, `../${name}.js`)], env);
  const [port] = (await Promise.race([
    once(child, 'message'),
    once(child, 'close').then(() => Promise.reject(new Error(`bench/${name} ended`))),
  ])) as [number];
  return { child, port, url: `http://127.0.0.1:${port}`, pid: child.pid!, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await ended(child);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
