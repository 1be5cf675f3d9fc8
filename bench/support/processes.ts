import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const living = new Set<ChildProcess>();

/** A process of this run, with nothing of our environment but where programs are; it ends when the run ends, however that ends. */
export function spawned(args: readonly string[], env: Record<string, string>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  living.add(child);
  child.once('close', () => living.delete(child));
  return child;
}

export function killAll(): void {
  for (const child of living) child.kill('SIGKILL');
}

export function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('close', resolve));
}

/** The most memory that a process held since its start, by the kernel's own mark, and what it holds now; in MB. NaN without /proc. */
export function memoryOf(pid: number): { peak: number; now: number } {
  const of = (name: string, text: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? NaN) / 1_000;
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { peak: of('VmHWM', status), now: of('VmRSS', status) };
  } catch {
    return { peak: NaN, now: NaN };
  }
}

/** Milliseconds of CPU that a process and its ended children have used. Linux counts in hundredths of a second. */
export function cpuOf(pid: number): number {
  try {
    // The name in parentheses may hold spaces; behind it come state, ppid …: utime to cstime are the 12th to the 15th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * 10;
  } catch {
    return NaN;
  }
}

/** CPU of a server and of all its living and ended children. */
export function cpuOfTree(pid: number): number {
  let sum = cpuOf(pid);
  for (const child of childrenOf(pid)) sum += cpuOf(child) || 0; // gone since: then its parent has counted it
  return sum;
}

function childrenOf(pid: number): number[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return numbers.map(Number).filter((child) => {
    try {
      return Number(readFileSync(`/proc/${child}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]) === pid;
    } catch {
      return false;
    }
  });
}
