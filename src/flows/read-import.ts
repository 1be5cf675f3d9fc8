import { Injectable } from '@nestjs/common';
import { csvLine } from '../domain/csv.js';
import { sumUp } from '../domain/import-verdicts.js';
import type { Import } from '../imports/import.entities.js';
import { allRows, type RowVerdict } from '../imports/import-rows.store.js';
import { findImport } from '../imports/import.store.js';
import { Database } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { listPrograms } from '../publications/program.store.js';

const COLUMNS = ['row', 'email', 'verdict', 'message', 'shareCode', 'shareUrl'];
/** Rows in one piece of the answer: a piece each would be a write to the socket each. */
const LINES = 200;

/** How an import stands, and what became of each of its rows. */
@Injectable()
export class ReadImport {
  constructor(
    private readonly database: Database,
    private readonly links: Links,
  ) {}

  one(publicationId: string, id: string): Promise<Import | null> {
    return findImport(this.database.reader, publicationId, id);
  }

  /** The CSV file in pieces, as the database gives its rows. */
  async *rowsCsv(run: Import): AsyncGenerator<string> {
    const [program] = await listPrograms(this.database.reader, run.publicationId);
    if (program === undefined) throw new Error('a publication without a program');
    const { sql, parameters } = allRows(run.publicationId, run.id, program.id, doneOf(run));
    let text = csvLine(COLUMNS);
    let lines = 0;
    for await (const row of this.database.stream<RowVerdict>(sql, parameters)) {
      text += csvLine([
        row.rowNo,
        row.email,
        row.verdict,
        row.message,
        row.shareCode,
        row.shareCode && this.links.share(row.shareCode),
      ]);
      if (++lines % LINES > 0) continue;
      yield text;
      text = '';
    }
    yield text;
  }
}

/** Rows that have their verdict. Later steps may still say more about a row, never whether its reader is there. */
function doneOf({ state, phase, atRow, total }: Import): number {
  if (state === 'done') return total;
  if (phase === 'sort') return 0;
  return phase === 'readers' ? atRow : total;
}

/** An import as the API and the command line tell it. */
export function importAnswer(run: Import) {
  const sums = run.verdicts && sumUp(run.verdicts);
  return {
    id: run.id,
    state: run.state,
    phase: run.phase,
    total: run.total,
    done: doneOf(run),
    failed: run.failed,
    imported: sums?.imported ?? null,
    skipped: sums?.skipped ?? null,
    verdicts: run.verdicts,
    dryRun: run.dryRun,
    mailPast: run.mailPast,
    consent: run.consent,
    columns: run.columns,
    ignoredColumns: run.ignoredColumns,
    error: run.error,
    createdAt: run.createdAt,
    finishedAt: run.finishedAt,
  };
}
