import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Clock, Ids } from './clock.js';
import { CONFIG, type Config } from './config.js';
import { Database } from './database.js';
import { Links } from './links.js';
import { type Log, LOG } from './log.js';
import { Pages } from './pages.js';
import { CardPictures } from './pictures/card-pictures.js';
import { FooterBlock } from './pictures/footer-block.js';
import { Fonts } from './pictures/fonts.js';
import { FooterPictures } from './pictures/footer-pictures.js';
import { QrCodes } from './pictures/qr-code.js';
import { RandomBytes } from './random.js';
import { Seal } from './seal.js';
import type { Secrets } from './secrets.js';
import { Tokens } from './tokens.js';
import { Words } from './words.js';

/** What has to be there before the application is put together. */
export interface Foundation {
  config: Config;
  secrets: Secrets;
  /** Connected and migrated; closed together with the application. */
  dataSource: DataSource;
  log: Log;
}

/** What flows and features may ask for. */
export const GROUND = [CONFIG, LOG, Seal, Tokens, Database, Clock, Ids, RandomBytes, Links, Words];

/** The providers of GROUND. Of a token that is provided again behind them, the last provider counts. */
export function groundOn({ config, secrets, dataSource, log }: Foundation): Provider[] {
  return [
    { provide: CONFIG, useValue: config },
    { provide: LOG, useValue: log },
    { provide: Seal, useFactory: (random: RandomBytes) => new Seal(secrets.secretKeys, random), inject: [RandomBytes] },
    { provide: Tokens, useFactory: () => new Tokens(secrets.secretKeys) },
    { provide: Database, useFactory: () => new Database(dataSource) },
    { provide: Words, useFactory: () => new Words() },
    Clock, Ids, RandomBytes, Links,
  ]; // prettier-ignore
}

/** The technical parts that everything else may ask for. */
@Global()
@Module({})
export class PlatformModule {
  static on(foundation: Foundation): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => foundation.dataSource.options,
          dataSourceFactory: () => Promise.resolve(foundation.dataSource),
        }),
      ],
      providers: [...groundOn(foundation), Pages, Fonts, FooterPictures, CardPictures, QrCodes, FooterBlock],
      exports: [...GROUND, Pages, FooterPictures, CardPictures, QrCodes, FooterBlock],
    };
  }
}
