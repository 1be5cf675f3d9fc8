/*
 * What the running test file has opened. A worker runs many files with the modules that it loaded for the first (vitest's
 * `isolate: false`: to load all of them anew for each file took a fifth of a run), so that an `afterAll` at the top of a
 * support module would close nothing but the first file's.
 */

const closers: (() => unknown)[] = [];

/** Has this called after the last test of the file that runs now; what was opened last is closed first. */
export function atEndOfFile(close: () => unknown): void {
  closers.push(close);
}

/** Closes everything, also when something cannot be closed; throws what went wrong first. */
export async function endFile(): Promise<void> {
  const errors: unknown[] = [];
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
