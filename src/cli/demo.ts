import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { NewApiKey } from '../flows/create-api-key.js';
import { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { Database, type Tx } from '../platform/database.js';
import { Links } from '../platform/links.js';
import type { Foundation } from '../platform/platform.module.js';
import { findPublicationBySlug, hasPublications, lockWhileEmpty } from '../publications/publication.store.js';
import { findSubscriberByEmail } from '../subscribers/subscriber.store.js';
import { DEMO_SLUG, READERS } from './demo/cast.js';
import { onDemoGround } from './demo/demo.module.js';
import { SEED } from './demo/seed.js';
import { Teller } from './demo/teller.js';

const HUB_LINK_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Fills a database without publications with the demo: "The Weekly Loaf" and what happened to it in the weeks before `now`.
 * In one transaction, so that a process killed in the middle leaves nothing. Answers whether it was filled.
 */
export async function fillDemo(foundation: Foundation, now = new Date()): Promise<boolean> {
  const { dataSource, log } = foundation;
  const start = performance.now();
  // Without a lock first: nearly every start finds a publication.
  if (await hasPublications(dataSource.manager)) return false;
  const filled = await dataSource.transaction(async (tx) => {
    if (!(await lockWhileEmpty(tx))) return false;
    await fill(foundation, tx, now);
    return true;
  });
  if (filled) log.info({ publication: DEMO_SLUG, ms: Math.round(performance.now() - start) }, 'filled with the demo');
  return filled;
}

function fill(foundation: Foundation, tx: Tx, now: Date): Promise<void> {
  return onDemoGround(foundation, tx, { seed: SEED, providers: [Teller] }, async (context) => {
    keepKey(demoKeyFile(foundation.config), await context.get(Teller).tell(now));
  });
}

/** Makes the file of a demo's key, for its owner alone. */
export function keepKey(file: string, { secret }: NewApiKey): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
}

/** Where the demo's admin key is kept, made anew with each filling: nobody sees the answer in which keys are shown. */
export function demoKeyFile(config: Config): string {
  return path.join(config.dataDir, 'demo-key');
}

/** A fresh link to the page of the demo's best known reader; null when the demo is not there. */
export function demoHubUrl(app: NestFastifyApplication): Promise<string | null> {
  return hubUrlOfAna(app.get(Database).reader, app.get(Links), DEMO_SLUG, app.get(Clock).now());
}

/** The same of any demo: she is in each. */
export async function hubUrlOfAna(tx: Tx, links: Links, slug: string, now: Date): Promise<string | null> {
  const publication = await findPublicationBySlug(tx, slug);
  const ana = publication && (await findSubscriberByEmail(tx, publication.id, READERS.ana.email));
  return ana && links.hub(ana.publicationId, ana.id, new Date(now.getTime() + HUB_LINK_DAYS * DAY_MS));
}

export { DEMO_SLUG };
