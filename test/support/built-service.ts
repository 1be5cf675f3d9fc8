import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { connect, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './service.js';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** The built service as an operator runs it. */
export interface Service {
  child: ChildProcess;
  url: string;
  /** All that it wrote so far, to stdout and stderr. */
  said(): string;
  /** Sends a signal and answers the exit code: null after SIGKILL, 1 when a drain was cut off after its 10 s. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Builds dist/ from the sources as they are, unless it is so already. */
export function build(): void {
  const script = `const { ensureBuilt } = await import('./scripts/build.mjs'); await ensureBuilt();`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the service cannot be built: ${stdout}${stderr}`);
}

function launch(env: Record<string, string>): ChildProcess {
  // Nothing of the environment of the tests gets in.
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, [path.join(ROOT, 'dist/src/main.js')], {
    cwd: ROOT,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const running = new Set<ChildProcess>();

/** Kills what a failed test left running. */
export function killServices(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Runs a start that is meant to fail; answers how it ended. */
export async function startFails(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = launch(env);
  running.add(child);
  let said = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  running.delete(child);
  return { code, said };
}

/** Starts the service on a free port and waits until it is ready. */
export async function startService(env: Record<string, string>): Promise<Service> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = launch({ PORT: String(port), PUBLIC_URL: url, DEMO: 'off', ...env });
  running.add(child);
  let said = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  void ended.then(() => running.delete(child));
  for (let tries = 0; ; tries++) {
    const ready = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) break;
    if (child.exitCode !== null || tries > 300) throw new Error(`the service did not start: ${said}`);
    await sleep(100);
  }
  const end: Service['end'] = (signal) => {
    child.kill(signal);
    return ended;
  };
  return { child, url, said: () => said, end };
}

/** A door to a database that can be shut: while it is, connections are cut and refused. */
export class DatabaseDoor {
  /** Each answer of the database waits so long. */
  delayMs = 0;
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private port = 0;

  constructor(private readonly target: string) {}

  /** The database behind the door, by a URL of it. */
  get url(): string {
    const url = new URL(this.target);
    url.searchParams.delete('host');
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  async open(): Promise<void> {
    this.server = createServer((client) => {
      const database = this.connect();
      for (const socket of [client, database]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          client.destroy();
          database.destroy();
          this.sockets.delete(socket);
        });
      }
      client.on('data', (chunk) => database.write(chunk));
      database.on('data', (chunk) => setTimeout(() => client.writable && client.write(chunk), this.delayMs));
    });
    await new Promise<void>((done) => this.server!.listen(this.port, '127.0.0.1', done));
    this.port = (this.server.address() as { port: number }).port;
  }

  async shut(): Promise<void> {
    const closed = new Promise((done) => this.server!.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private connect(): Socket {
    const { hostname, port, searchParams } = new URL(this.target);
    const folder = searchParams.get('host');
    const number = Number(port || '5432');
    return folder?.startsWith('/') ? connect(`${folder}/.s.PGSQL.${number}`) : connect(number, folder ?? hostname);
  }
}
