import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { z } from 'zod';
import { ExportSubscribers } from '../flows/export-subscribers.js';
import { StartError } from '../platform/start-error.js';
import { publicationCalled, withFlows } from './context.js';

const Moment = z.iso.datetime({ offset: true });

export function exportCommand(): Command {
  return new Command('export')
    .description('Write the readers of a publication with their share links as CSV, for a mail platform.')
    .requiredOption('--publication <slug>', 'whose readers')
    .option('--changed-after <time>', 'only readers of whom something changed, such as 2026-11-21T07:00:00Z', moment)
    .action(async ({ publication: slug, changedAfter }: { publication: string; changedAfter?: Date }) => {
      await withFlows(async (app) => {
        const publication = await publicationCalled(app, slug);
        const lines = app.get(ExportSubscribers).csv(publication, changedAfter ?? null);
        await pipeline(Readable.from(lines), process.stdout, { end: false });
      });
    });
}

function moment(text: string): Date {
  if (!Moment.safeParse(text).success) throw new StartError(`${text} is not a time such as 2026-11-21T07:00:00Z.`);
  return new Date(text);
}
