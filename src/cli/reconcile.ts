import { Command } from 'commander';
import { type Drift, Reconcile } from '../flows/reconcile.js';
import { publicationCalled, withFlows } from './context.js';

interface Options {
  publication?: string;
  rebuild: boolean;
  json: boolean;
}

export function reconcileCommand(): Command {
  return new Command('reconcile')
    .description('Check that states, counts, grants and ledger fit together. Exits with 1 when something does not.')
    .option('--publication <slug>', 'of one publication only')
    .option('--rebuild', 'first write the counts anew from the facts, where they differ', false)
    .option('--json', 'as JSON', false)
    .action(async ({ publication: slug, rebuild, json }: Options) => {
      await withFlows(async (app) => {
        const only = slug === undefined ? null : (await publicationCalled(app, slug)).id;
        const rebuilt = rebuild ? await app.get(Reconcile).rebuild(only) : [];
        const drift = await app.get(Reconcile).find(only);
        console.log(json ? JSON.stringify({ rebuilt, drift }) : report(rebuilt, drift));
        if (drift.length > 0) process.exitCode = 1;
      });
    });
}

function report(rebuilt: readonly Drift[], drift: readonly Drift[]): string {
  const counts = rebuilt.length === 0 ? [] : [`rebuilt ${rebuilt.length}`, ...rebuilt.map(line)];
  return [...counts, `${drift.length} drift`, ...drift.map(line)].join('\n');
}

function line({ publicationId, drift, id, found }: Drift): string {
  return `${publicationId}  ${drift.padEnd(16)}  ${id}  ${found}`;
}
