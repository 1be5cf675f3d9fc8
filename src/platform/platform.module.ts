import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock, Ids } from './clock.js';
import { CONFIG, type Config } from './config.js';
import { Database } from './database.js';
import { Links } from './links.js';
import { type Log, LOG } from './log.js';
import { Pages } from './pages.js';
import { RandomBytes } from './random.js';
import type { Secrets } from './secrets.js';
import { Tokens } from './tokens.js';

/** What has to be there before the application is put together. */
export interface Foundation {
  config: Config;
  secrets: Secrets;
  /** Connected and migrated; closed together with the application. */
  dataSource: DataSource;
  log: Log;
}

/** The technical parts that everything else may ask for. */
@Global()
@Module({})
export class PlatformModule {
  static on({ config, secrets, dataSource, log }: Foundation): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => dataSource.options,
          dataSourceFactory: () => Promise.resolve(dataSource),
        }),
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOG, useValue: log },
        { provide: Tokens, useFactory: () => new Tokens(secrets.secretKeys) },
        { provide: Database, useFactory: (source: DataSource) => new Database(source), inject: [DataSource] },
        Clock, Ids, RandomBytes, Links, Pages,
      ], // prettier-ignore
      exports: [CONFIG, LOG, Tokens, Database, Clock, Ids, RandomBytes, Links, Pages],
    };
  }
}
