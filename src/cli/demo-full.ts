import path from 'node:path';
import { Command } from 'commander';
import { DomainError } from '../domain/errors.js';
import type { Config } from '../platform/config.js';
import { checkSecretKey } from '../platform/instance.js';
import { Links } from '../platform/links.js';
import type { Foundation } from '../platform/platform.module.js';
import { StartError } from '../platform/start-error.js';
import { Tokens } from '../platform/tokens.js';
import { findPublicationBySlug } from '../publications/publication.store.js';
import { type Stock, takeStock } from '../reports/stock-taking.store.js';
import { withFoundation } from './context.js';
import { fillDemo, hubUrlOfAna, keepKey } from './demo.js';
import { onDemoGround } from './demo/demo.module.js';
import { Editor } from './demo/full/editor.js';
import { FullTeller, type OnProgress } from './demo/full/full-teller.js';
import { FULL_SLUG } from './demo/full/publication.js';
import { FULL_SEED } from './demo/full/story.js';
import { Visits } from './demo/full/visits.js';
import { Progress } from './progress.js';

const READERS = 2_000;

/** What the product has a name for, but nothing yet that makes it. */
const NOT_YET = 'reversed referrals, referrals held for a review or an engagement, grants awaiting a claim or capped';

export function demoCommand(): Command {
  return new Command('demo')
    .description(`Fill the database with a publication of ${READERS} readers and what happened to it in 60 days.`)
    .action(() =>
      withFoundation(async (foundation) => {
        await checkSecretKey(foundation.dataSource, foundation.secrets);
        const progress = new Progress();
        const start = performance.now();
        const stock = await fillFullDemo(foundation, { onProgress: (share, label) => progress.show(share, label) });
        progress.clear();
        process.stdout.write(
          stock === null
            ? `There is a publication ${FULL_SLUG} already. Nothing was changed.\n`
            : await told(stock, foundation, (performance.now() - start) / 1_000),
        );
      }),
    );
}

export interface FullDemoOptions {
  now?: Date;
  /** Tests tell a shorter story. */
  readers?: number;
  onProgress?: OnProgress;
}

/**
 * Makes the publication of the full demo with all that happened to it in the weeks before `now`, and answers what there is of
 * it then; null where it was there. In one transaction: a killed process leaves nothing, and nobody sees a part of it.
 * Throws StartError where a mail server would be given its mails.
 */
export async function fillFullDemo(
  foundation: Foundation,
  { now = new Date(), readers = READERS, onProgress = () => {} }: FullDemoOptions = {},
): Promise<Stock[] | null> {
  const { config, secrets, dataSource } = foundation;
  if ((await findPublicationBySlug(dataSource.manager, FULL_SLUG)) !== null) return null;
  refuseMailServer(config);
  // As the service would at its start, but only in an empty database: so both demos are there, whichever command came first.
  if (config.demo) await fillDemo(foundation, now);
  // Mails to an address are limited over all publications: the cast here must take none from who has the same address elsewhere.
  const tokens = new Tokens(secrets.secretKeys.map((key) => `${key}/${FULL_SLUG}`));
  const providers = [FullTeller, Editor, Visits, { provide: Tokens, useValue: tokens }];
  try {
    return await dataSource.transaction((tx) =>
      onDemoGround(foundation, tx, { seed: FULL_SEED, providers }, async (context) => {
        const { publication, apiKey } = await context.get(FullTeller).tell(now, readers, onProgress);
        keepKey(fullDemoKeyFile(config), apiKey);
        return takeStock(tx, publication.id);
      }),
    );
  } catch (error) {
    // Another process was quicker: its insert of the same slug was waited for.
    if (error instanceof DomainError && error.code === 'publication/slug-taken') return null;
    throw error;
  }
}

/** What is held or due later goes on by itself once a service runs, with mails to addresses at which nobody is. */
function refuseMailServer({ smtpUrl }: Config): void {
  if (smtpUrl === null) return;
  throw new StartError(
    'SMTP_URL is set: rewards of the demo that become due in the days to come would be mailed to addresses that do not exist.\n' +
      'Fill another database, one whose service has no mail server: DATA_DIR=./demo-data SMTP_URL= npm run demo',
  );
}

function fullDemoKeyFile({ dataDir }: Config): string {
  return path.join(dataDir, 'full-demo-key');
}

async function told(
  stock: readonly Stock[],
  { config, secrets, dataSource }: Foundation,
  seconds: number,
): Promise<string> {
  const links = new Links(config, new Tokens(secrets.secretKeys));
  const lines = [...new Set(stock.map(({ of }) => of))].map((of) => {
    const states = stock.filter((row) => row.of === of);
    const total = states.reduce((sum, { count }) => sum + count, 0);
    return `  ${of.padEnd(11)}${String(total).padStart(6)}  ${states.map(({ state, count }) => `${count} ${state}`).join(', ')}`;
  });
  return [
    `Made the publication ${FULL_SLUG} in ${seconds.toFixed(1)} s; nothing was sent to anybody.`,
    ...lines,
    `  Not in it, as nothing makes them yet: ${NOT_YET}.`,
    `  Join page        ${links.join(FULL_SLUG)}`,
    `  A reader's page  ${await hubUrlOfAna(dataSource.manager, links, FULL_SLUG, new Date())}`,
    `  Its key          in ${fullDemoKeyFile(config)}`,
    '',
  ].join('\n');
}
