import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than a first start on a slow disk and a shutdown with a full checkpoint together. */
const PATIENCE_MS = 120_000;

/**
 * Runs `work` while no other process starts, adopts or stops the server of this directory.
 *
 * The lock is a name in Linux' abstract socket space: binding it is atomic and the kernel lets go of it when its holder
 * dies, however it dies. A lock *file* would have to be judged stale after a kill -9, and judging is where two starts
 * race. Elsewhere than on Linux there is no lock and PostgreSQL's own postmaster.pid is the only guard.
 */
export async function withStartLock<T>(dir: string, work: () => Promise<T>): Promise<T> {
  if (process.platform !== 'linux') return work();
  const lock = await acquire(`\0kuchikomi-${createHash('sha256').update(dir).digest('hex')}`, dir);
  try {
    return await work();
  } finally {
    await new Promise((released) => lock.close(released));
  }
}

async function acquire(name: string, dir: string): Promise<Server> {
  const giveUp = Date.now() + PATIENCE_MS;
  for (;;) {
    const lock = await tryBind(name);
    if (lock) return lock;
    if (Date.now() > giveUp) {
      throw new Error(
        `Another process has been starting or stopping the database in ${dir} for ${PATIENCE_MS / 1000} s. ` +
          'Look for a second Kuchikomi with this DATA_DIR, end it, and start again.',
      );
    }
    await sleep(20);
  }
}

function tryBind(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => resolve(server));
  });
}
