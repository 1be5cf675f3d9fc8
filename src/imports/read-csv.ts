import { TextDecoder } from 'node:util';
import { type CsvError, parse, type Parser } from 'csv-parse';
import { DomainError } from '../domain/errors.js';

/** More than a row of readers ever has; an opening quote that nothing closes would otherwise swallow the file into memory. */
const LONGEST_ROW = 100_000;
const DELIMITERS = [',', ';', '\t'] as const;
/**
 * Bytes that are read at once, however many arrive. What is at work when V8 clears its young generation survives into the
 * old one, which it clears late: with the 64 kB of a file stream 600,000 rows took 294 MB, with this 178 MB.
 */
const PIECE_BYTES = 16 * 1024;
/** Of the beginning of a file, to find the delimiter and the encoding. */
const HEAD_BYTES = 64 * 1024;

/**
 * Reads a CSV file as it arrives: first its header, then its rows in lists of some hundred. UTF-8, or UTF-16 with a byte order
 * mark; comma, semicolon or tab, whichever the header has most of. Empty lines are left out, cells are as they stand.
 * Throws `request/invalid`, with the line where there is one.
 */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string[][]> {
  const reading = new Reading();
  for await (const text of decoded(inPieces(bytes))) {
    const rows = await reading.take(text);
    if (rows.length > 0) yield rows;
  }
  const rows = await reading.finish();
  if (rows.length > 0) yield rows;
}

/** The parser, made when the header is there to tell the delimiter. */
class Reading {
  private head = '';
  private parser: Parser | null = null;

  async take(text: string): Promise<string[][]> {
    if (this.parser !== null) return written(this.parser, text);
    this.head += text;
    // A line break inside of a quoted name of a column is rare enough to cost only a worse guess.
    if (!/[\r\n]/.test(this.head) && this.head.length < HEAD_BYTES) return [];
    return this.begin();
  }

  async finish(): Promise<string[][]> {
    const first = this.parser === null ? await this.begin() : [];
    if (this.parser === null) throw unreadable('The file is empty');
    return [...first, ...(await ended(this.parser))];
  }

  private async begin(): Promise<string[][]> {
    if (this.head.trim() === '') {
      // Kept for the numbers of the lines, but not for ever.
      if (this.head.length >= HEAD_BYTES) throw unreadable('The file begins with more than 64 kB of empty lines');
      return [];
    }
    const line = this.head.trimStart().split(/\r\n|\r|\n/, 1)[0] ?? '';
    const options = {
      delimiter: delimiterOf(line),
      relax_column_count: true, // a row that is too short or too long has a verdict of its own
      skip_empty_lines: true,
      max_record_size: LONGEST_ROW,
      readableHighWaterMark: 1_000_000, // a chunk's rows are all taken before the next chunk
    };
    this.parser = parse(options);
    this.parser.on('error', () => {}); // told by the callbacks of write and end
    return written(this.parser, this.head);
  }
}

function written(parser: Parser, text: string): Promise<string[][]> {
  return new Promise((resolve, reject) => {
    parser.write(text, (error) => {
      if (error) reject(asUnreadable(error));
      else resolve(taken(parser));
    });
  });
}

function ended(parser: Parser): Promise<string[][]> {
  return new Promise((resolve, reject) => {
    parser.once('error', (error) => reject(asUnreadable(error)));
    parser.once('finish', () => resolve(taken(parser)));
    parser.end();
  });
}

function taken(parser: Parser): string[][] {
  const rows: string[][] = [];
  for (let row: unknown = parser.read(); row !== null; row = parser.read()) rows.push(row as string[]);
  return rows;
}

/** Whichever the header has most of, outside of quotes. */
function delimiterOf(line: string): string {
  const bare = line.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) yield chunk.subarray(at, at + PIECE_BYTES);
  }
}

/** The text of the file, without its byte order mark. A byte that is no text ends it: half of a name would be stored. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let lines = 1;
  let held = Buffer.alloc(0);
  const decode = (chunk?: Uint8Array): string => {
    try {
      const text = decoder!.decode(chunk, { stream: chunk !== undefined });
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
      return text;
    } catch {
      const { encoding } = decoder!;
      const [before = ''] = new TextDecoder(encoding).decode(chunk).split('\uFFFD', 1);
      const line = lines + before.split('\n').length - 1;
      throw unreadable(`The file is not ${encoding.toUpperCase()} near line ${line}. Save it as "CSV UTF-8"`);
    }
  };
  for await (const chunk of bytes) {
    if (decoder !== null) {
      yield decode(chunk);
      continue;
    }
    held = Buffer.concat([held, chunk]);
    if (held.length < 4) continue;
    decoder = decoderFor(held);
    yield decode(held);
  }
  if (decoder === null) {
    decoder = decoderFor(held);
    yield decode(held);
  }
  yield decode();
}

function decoderFor(head: Buffer): TextDecoder {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le', { fatal: true });
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be', { fatal: true });
  if (first === 0 || second === 0) {
    throw unreadable('The file looks like UTF-16 without a byte order mark. Save it as "CSV UTF-8"');
  }
  if (first === 0x50 && second === 0x4b) {
    throw unreadable('The file is a ZIP archive or an Excel workbook. Save it as "CSV UTF-8"');
  }
  return new TextDecoder('utf-8', { fatal: true });
}

const SAID: Record<string, string> = {
  CSV_MAX_RECORD_SIZE: 'has more than 100,000 characters; a quote before it is probably not closed',
  CSV_QUOTE_NOT_CLOSED: 'has a quote that is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'has a quote in the middle of a quoted cell; a quote inside of one is written twice',
  INVALID_OPENING_QUOTE: 'has a quote in the middle of a cell; a cell with quotes is quoted itself',
};

/** The parser's own messages quote the row, which holds somebody's address. */
function asUnreadable(error: Error): DomainError {
  const { code, lines } = error as CsvError & { lines?: number };
  return unreadable(`Line ${lines ?? '?'} ${SAID[code] ?? 'cannot be read as CSV'}. Nothing of the file was taken in`);
}

function unreadable(problem: string): DomainError {
  return new DomainError('request/invalid', problem);
}
