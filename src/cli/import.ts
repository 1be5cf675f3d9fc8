import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { Command } from 'commander';
import { type ColumnMapping, IMPORT_FIELDS, type ImportField } from '../domain/import-columns.js';
import { IMPORT_PHASES } from '../domain/import-verdicts.js';
import { ImportSubscribers } from '../flows/import-subscribers.js';
import { importAnswer, ReadImport } from '../flows/read-import.js';
import { RunImports } from '../flows/run-imports.js';
import type { Import } from '../imports/import.entities.js';
import { StartError } from '../platform/start-error.js';
import { publicationCalled, withFlows } from './context.js';
import { Progress } from './progress.js';

interface Options {
  publication: string;
  consent: string;
  dryRun: boolean;
  mailPast: boolean;
  mapping: ColumnMapping;
  verdicts?: string;
}

export function importCommand(resolve: (file: string) => string): Command {
  return new Command('import')
    .description('Bring readers from a CSV file. Running it again with the same file changes nothing.')
    .argument('<file>')
    .requiredOption('--publication <slug>', 'whose readers they become')
    .requiredOption('--consent <text>', 'where the permission to write to these people came from')
    .option('--dry-run', 'verdicts only; nobody is made or changed', false)
    .option('--mail-past', 'grant milestones that are past, with their mails, instead of only noting them', false)
    .option('--mapping <column=field,...>', `what columns mean; fields: ${IMPORT_FIELDS.join(' ')}`, readMapping, {})
    .option('--verdicts <file>', 'write the verdict of every row into a CSV file')
    .action(async (file: string, options: Options) => {
      const found = resolve(file);
      if (!existsSync(found)) throw new StartError(`There is no file ${found}.`);
      const verdicts = options.verdicts === undefined ? null : resolve(options.verdicts);
      const end = await withFlows((app) => bring(app, found, options, verdicts));
      process.stdout.write(summary(end));
      if (end.state === 'failed') process.exitCode = 1;
    });
}

/** `E-Mail=email,Notes=`: a column without a field is ignored. */
function readMapping(text: string): ColumnMapping {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const at = pair.lastIndexOf('=');
      const field = pair.slice(at + 1).trim();
      if (at < 1 || (field !== '' && !(IMPORT_FIELDS as readonly string[]).includes(field))) {
        throw new StartError(`--mapping: ${pair} is not column=field; fields: ${IMPORT_FIELDS.join(' ')}`);
      }
      return [pair.slice(0, at).trim(), field === '' ? null : (field as ImportField)];
    }),
  );
}

async function bring(
  app: INestApplicationContext,
  file: string,
  { publication: slug, ...options }: Options,
  verdicts: string | null,
): Promise<Import> {
  const publication = await publicationCalled(app, slug);
  const progress = new Progress();
  const { consent, dryRun, mailPast, mapping } = options;
  const bytes = withProgress(file, progress);
  const staged = await app.get(ImportSubscribers).run(publication.id, { consent, dryRun, mailPast, mapping }, bytes);
  const end = await followed(app, staged, progress);
  if (verdicts !== null) {
    await pipeline(Readable.from(app.get(ReadImport).rowsCsv(end)), createWriteStream(verdicts));
  }
  progress.clear();
  return end;
}

async function* withProgress(file: string, progress: Progress): AsyncGenerator<Buffer> {
  const { size } = statSync(file);
  let read = 0;
  for await (const chunk of createReadStream(file)) {
    read += (chunk as Buffer).length;
    progress.show(read / Math.max(1, size), 'reading');
    yield chunk as Buffer;
  }
}

/** Does the work, that of earlier files included, or waits while a running service does it: whoever is at a batch, the other is not. */
async function followed(
  app: INestApplicationContext,
  { publicationId, id }: Import,
  progress: Progress,
): Promise<Import> {
  for (;;) {
    const worked = await app.get(RunImports).step(publicationId);
    const run = await app.get(ReadImport).one(publicationId, id);
    if (run === null) throw new StartError('The import is gone: its publication was removed.');
    if (run.state === 'done' || run.state === 'failed') return run;
    const phase = IMPORT_PHASES.indexOf(run.phase);
    progress.show((phase + run.atRow / Math.max(1, run.total)) / (IMPORT_PHASES.length - 1), run.phase);
    if (!worked) await sleep(200);
  }
}

function summary(run: Import): string {
  const { total, imported, skipped, failed, verdicts, ignoredColumns, error, dryRun } = importAnswer(run);
  const lines = [
    `${dryRun ? 'Dry run, nothing was changed. ' : ''}${total} rows: ${imported ?? '?'} imported, ${skipped ?? '?'} skipped, ${failed} failed`,
    ...Object.entries(verdicts ?? {}).map(([verdict, count]) => `  ${verdict.padEnd(22)}${count}`),
    ...(ignoredColumns.length > 0 ? [`Columns that were not understood: ${ignoredColumns.join(', ')}`] : []),
    ...(error === null ? [] : [`It did not finish: ${error}`]),
    `Verdicts of the rows: GET /api/v1/imports/${run.id}/rows.csv`,
  ];
  return `${lines.join('\n')}\n`;
}
