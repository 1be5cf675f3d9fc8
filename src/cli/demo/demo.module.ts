import { type DynamicModule, Global, Module } from '@nestjs/common';
import { FlowsModule } from '../../flows/flows.module.js';
import { Clock, Ids } from '../../platform/clock.js';
import { CONFIG } from '../../platform/config.js';
import { Database, type Tx } from '../../platform/database.js';
import { Links } from '../../platform/links.js';
import { LOG } from '../../platform/log.js';
import type { Foundation } from '../../platform/platform.module.js';
import { RandomBytes } from '../../platform/random.js';
import { Tokens } from '../../platform/tokens.js';
import { OneTransaction, StoryClock } from './one-transaction.js';
import { SEED, SeededBytes } from './seed.js';
import { SetUp } from './set-up.js';
import { Teller } from './teller.js';

/**
 * The flows on ground of their own: a clock that can be set back, share codes from a seed, one transaction, no mail server.
 * The service never gets to see any of these, so nothing has to be put back when the demo is made, or when making it fails.
 */
@Global()
@Module({})
export class DemoModule {
  static on({ config, secrets, dataSource, log }: Foundation, tx: Tx): DynamicModule {
    return {
      module: DemoModule,
      imports: [FlowsModule],
      providers: [
        // Without SMTP_URL the only transport is the built-in mailbox, whatever the service itself has.
        { provide: CONFIG, useValue: { ...config, smtpUrl: null } },
        { provide: LOG, useValue: log },
        { provide: Tokens, useFactory: () => new Tokens(secrets.secretKeys) },
        { provide: Database, useFactory: () => new OneTransaction(dataSource, tx) },
        { provide: Clock, useClass: StoryClock },
        { provide: RandomBytes, useFactory: () => new SeededBytes(SEED) },
        // Truly random: how many bytes ids use up depends on their moments, and would move the share codes.
        { provide: Ids, useFactory: (clock: Clock) => new Ids(clock, new RandomBytes()), inject: [Clock] },
        Links, SetUp, Teller,
      ], // prettier-ignore
      exports: [CONFIG, LOG, Tokens, Database, Clock, RandomBytes, Ids, Links],
    };
  }
}
