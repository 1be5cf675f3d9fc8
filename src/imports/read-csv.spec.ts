import { describe, expect, test } from 'vitest';
import { readCsv } from './read-csv.js';

/** A file without end: whoever wanted to have it whole before saying that it is broken would never say so. */
async function* endless(head: string, piece: string, tally: { read: number }): AsyncGenerator<Buffer> {
  yield Buffer.from(head);
  const chunk = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)));
  for (;;) {
    tally.read += chunk.length;
    yield chunk;
  }
}

async function read(bytes: AsyncIterable<Buffer>): Promise<number> {
  let rows = 0;
  for await (const list of readCsv(bytes)) rows += list.length;
  return rows;
}

describe('a file that never ends is refused after a bounded piece of it', () => {
  test.each([
    ['an opening quote that nothing closes', 'email,firstName\nana@mail.example,"', 'Ana\n', /100,000 characters/],
    ['an opening quote as its first byte', '"', 'email,firstName\n', /100,000 characters/],
    ['no line break', 'email', ',firstName', /100,000 characters/],
    ['NULs from its first byte', '', '\0', /UTF-16 without a byte order mark/],
    ['NULs below a header', 'email,firstName\n', '\0', /100,000 characters/],
    ['empty lines alone', '', '\n', /64 kB of empty lines/],
    ['spaces alone', '', ' ', /64 kB of empty lines/],
    ['no comma and no line break', '', 'x', /100,000 characters/],
  ])('%s', async (_, head, piece, problem) => {
    const tally = { read: 0 };
    await expect(read(endless(head, piece, tally))).rejects.toThrow(problem);
    expect(tally.read).toBeLessThan(1_000_000);
  });
});
