import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The checkout, whatever directory the script was called from. */
export const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Runs a command that takes a while and says so in one line: `Installing packages … 12.3 s`. Its own output is shown only
 * when it fails, followed by `advice`, and then this process ends.
 */
export async function step(title, command, args, advice) {
  const started = performance.now();
  process.stdout.write(`${title} … `);
  const { code, output } = await collect(command, args);
  if (code === 0) {
    process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    return;
  }
  process.stdout.write('failed\n');
  console.error(`${output.trim().split('\n').slice(-40).join('\n')}\n\n${advice(output)}`);
  process.exit(1);
}

function collect(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

/**
 * Runs `work` while no other start of this checkout installs or builds. The lock is a name in Linux' abstract socket
 * space, which the kernel gives free when its holder dies; elsewhere two starts at the same moment are not guarded.
 */
export async function aloneInCheckout(work) {
  if (process.platform !== 'linux') return work();
  const name = `\0kuchikomi-checkout-${createHash('sha256').update(ROOT).digest('hex')}`;
  let lock = await tryBind(name);
  if (!lock) console.log('Waiting for another start of this checkout to install or build.');
  for (; !lock; lock = await tryBind(name)) await sleep(100);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

function tryBind(name) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(name, () => resolve(server));
  });
}
