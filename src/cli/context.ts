import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FlowsModule } from '../flows/flows.module.js';
import { readConfig } from '../platform/config.js';
import { Database } from '../platform/database.js';
import { createLog } from '../platform/log.js';
import { type Foundation, PlatformModule } from '../platform/platform.module.js';
import { loadSecrets } from '../platform/secrets.js';
import { StartError } from '../platform/start-error.js';
import type { Publication } from '../publications/publication.entities.js';
import { findPublicationBySlug } from '../publications/publication.store.js';
import { startDatabase } from '../start-database.js';

/** The flows without what serves and what ticks. */
@Module({})
class CommandModule {
  static on(foundation: Foundation): DynamicModule {
    return { module: CommandModule, imports: [PlatformModule.on(foundation), FlowsModule] };
  }
}

/**
 * Runs a command on the database. A running service's is used as it is, the lock that keeps a second service away is not taken;
 * where no service runs, the embedded database is started for as long as the command takes.
 */
export async function withFoundation<T>(work: (foundation: Foundation) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
  const log = createLog('silent'); // stdout belongs to what the command was asked for
  const database = await startDatabase(config, log);
  try {
    return await work({ config, secrets: loadSecrets(config), dataSource: database.dataSource, log });
  } finally {
    await database.stop();
  }
}

/** As withFoundation, with the flows at hand. */
export function withFlows<T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
  return withFoundation(async (foundation) => {
    const app = await NestFactory.createApplicationContext(CommandModule.on(foundation), {
      logger: false,
      abortOnError: false,
    });
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  });
}

/** Throws StartError when there is none. */
export async function publicationCalled(app: INestApplicationContext, slug: string): Promise<Publication> {
  const publication = await findPublicationBySlug(app.get(Database).reader, slug);
  if (publication === null) throw new StartError(`There is no publication with the slug ${slug}.`);
  return publication;
}
