import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import { type ColumnMapping, type Columns, findColumns } from '../domain/import-columns.js';
import { RowReader } from '../domain/import-rows.js';
import { makeShareCode, SHARE_CODE_BYTES } from '../domain/share-code.js';
import type { Import } from '../imports/import.entities.js';
import { findImport, insertImport, noteStaged } from '../imports/import.store.js';
import { readCsv } from '../imports/read-csv.js';
import { learnRows, type StagedRow, stageRows } from '../imports/stage-rows.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { RandomBytes } from '../platform/random.js';

interface ImportOptions {
  consent: string;
  dryRun: boolean;
  mailPast: boolean;
  mapping: ColumnMapping;
}

interface Tally {
  columns: Columns | null;
  total: number;
  failed: number;
}

/** A publisher brings a file of readers: it is read as it arrives, checked row by row, and staged whole or not at all. RunImports takes it in. */
@Injectable()
export class ImportSubscribers {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly random: RandomBytes,
  ) {}

  /** Throws `request/invalid` for a file that cannot be read as a whole; nothing of it is kept then. */
  async run(publicationId: string, options: ImportOptions, bytes: AsyncIterable<Uint8Array>): Promise<Import> {
    const id = this.ids.next();
    let tries = 0;
    await this.database.transaction(async (tx) => {
      // What has arrived of a stream cannot arrive again.
      if (++tries > 1) throw new DomainError('service/conflict');
      await this.stage(tx, publicationId, id, options, bytes);
    });
    const staged = await findImport(this.database.reader, publicationId, id);
    if (staged === null) throw new Error('an import vanished while it was staged');
    return staged;
  }

  private async stage(
    tx: Tx,
    publicationId: string,
    id: string,
    { mapping, ...settings }: ImportOptions,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    const now = this.clock.now();
    const nothing = {
      total: 0,
      failed: 0,
      columns: {},
      ignoredColumns: [],
      verdicts: null,
      error: null,
      finishedAt: null,
    };
    const begin = { state: 'waiting' as const, phase: 'sort' as const, atRow: 0, attempts: 0, createdAt: now };
    await insertImport(tx, { publicationId, id, ...settings, ...begin, ...nothing });
    const tally: Tally = { columns: null, total: 0, failed: 0 };
    await stageRows(tx, publicationId, id, this.rows(bytes, mapping, tally, now));
    const { columns, total, failed } = tally;
    if (columns === null || total === 0) {
      throw new DomainError('request/invalid', 'The file has no rows below its header');
    }
    await learnRows(tx);
    await noteStaged(tx, publicationId, id, { total, failed, columns: columns.told, ignoredColumns: columns.ignored });
  }

  private async *rows(
    bytes: AsyncIterable<Uint8Array>,
    mapping: ColumnMapping,
    tally: Tally,
    now: Date,
  ): AsyncGenerator<StagedRow[]> {
    let reader: RowReader | null = null;
    for await (const list of readCsv(bytes)) {
      let rows = list;
      if (reader === null) {
        const [header = [], ...below] = list;
        const found = findColumns(
          header.map((name) => name.trim()),
          mapping,
        );
        if (!found.ok) throw new DomainError('request/invalid', found.problem);
        tally.columns = found.columns;
        reader = new RowReader(found.columns, now);
        rows = below;
      }
      yield this.staged(reader, rows, tally);
    }
  }

  private staged(reader: RowReader, rows: readonly string[][], tally: Tally): StagedRow[] {
    return rows.map((cells) => {
      const read = reader.read(cells);
      if (read.verdict !== null && read.verdict !== 'not_active') tally.failed++;
      const claim = read.verdict === null ? (read.shareCode ?? this.newCode()) : null;
      return { rowNo: ++tally.total, read, claim };
    });
  }

  private newCode(): string {
    return makeShareCode(this.random.take(SHARE_CODE_BYTES));
  }
}
