import type { INestApplicationContext } from '@nestjs/common';
import { withFlows } from '../../src/cli/context.js';
import { AddMilestone } from '../../src/flows/add-milestone.js';
import { CreatePublication } from '../../src/flows/create-publication.js';
import { insertReward } from '../../src/milestones/reward.store.js';
import { Ids } from '../../src/platform/clock.js';
import { Database } from '../../src/platform/database.js';
import { findProgram } from '../../src/publications/program.store.js';

const SECRET_KEY = 'a secret of the benchmarks that is long enough';

/** What every process of Kuchikomi in a benchmark is told. */
export const settings = (databaseUrl: string, folder: string) => ({
  DATABASE_URL: databaseUrl,
  DATA_DIR: folder,
  SECRET_KEY,
  PUBLIC_URL: 'http://127.0.0.1',
  KEY_RATE: '0',
  DEMO: 'off',
  LOG_LEVEL: 'warn',
});

/** Runs flows of Kuchikomi on a base, inside of this process. */
function withFlowsOn<T>(url: string, folder: string, work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
  Object.assign(process.env, settings(url, folder));
  return withFlows(work);
}

/** A publication with its program `default` and a milestone that is looked at and never reached. */
export function makePublication(url: string, folder: string) {
  return withFlowsOn(url, folder, async (app) => {
    const { publication, apiKey } = await app.get(CreatePublication).run({
      slug: 'letter',
      name: 'Letter',
      siteUrl: 'https://letter.example',
      fromEmail: 'editor@letter.example',
      fromName: null,
      locale: 'en',
      timezone: 'UTC',
      postalAddress: null,
      allowedOrigins: [],
    });
    const reward = { publicationId: publication.id, id: app.get(Ids).next(), name: 'Mug', kind: 'custom' as const };
    const rest = { url: null, code: null, description: null, createdAt: new Date() };
    await insertReward(app.get(Database).reader, { ...reward, ...rest });
    const program = await findProgram(app.get(Database).reader, publication.id, 'default');
    await app.get(AddMilestone).run(
      program!,
      {
        name: 'Far away',
        stage: 'verified',
        threshold: 100_000_000,
        every: null,
        recipient: 'referrer',
        rewardId: reward.id,
        approval: 'automated',
        holdDays: 0,
        past: 'ignore',
      },
      { actor: 'operator', role: 'operator' },
    );
    return { ...publication, adminKey: apiKey.secret };
  });
}
