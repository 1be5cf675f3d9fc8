import process from 'node:process';

/** Places at which a test can have the process killed, to see what is left. The architecture page says what must be true afterwards. */
export const FAILPOINTS = [
  'signup-before-commit',
  'signup-after-commit',
  'confirm-before-commit',
  'confirm-after-commit',
  'grant-before-coupon',
  'mail-claimed',
  'mail-inside-data',
  'mail-after-250',
  'webhook-after-200',
  'event-before-commit',
  'schedule-key-inserted',
  'import-batch-committed',
  'erase-half-way',
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

let armed: Failpoint | null = null;

/** From now on the process dies where this failpoint is; null takes it back. FAILPOINT of the environment sets it. */
export function arm(name: Failpoint | null): void {
  armed = name;
}

/** Nothing, unless this failpoint is armed: then the process is gone as by kill -9, without another instruction. */
export function failpoint(name: Failpoint): void {
  if (armed === name) process.kill(process.pid, 'SIGKILL');
}
