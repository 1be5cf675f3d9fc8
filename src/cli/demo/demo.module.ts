import { type DynamicModule, Global, type INestApplicationContext, Module, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FlowsModule } from '../../flows/flows.module.js';
import { Clock, Ids } from '../../platform/clock.js';
import { CONFIG } from '../../platform/config.js';
import { Database, type Tx } from '../../platform/database.js';
import { NestLog } from '../../platform/log.js';
import { type Foundation, GROUND, groundOn } from '../../platform/platform.module.js';
import { RandomBytes } from '../../platform/random.js';
import { Acts } from './acts.js';
import { OneTransaction } from './one-transaction.js';
import { SeededBytes } from './seed.js';
import { SetUp } from './set-up.js';
import { StoryClock } from './story-clock.js';

/** A story's own: whoever tells it, and what else differs from the ground of the service. */
interface Telling {
  seed: number;
  providers: Provider[];
}

/**
 * The flows on ground of their own: a clock that can be set back, share codes from a seed, one transaction, no mail server.
 * The service never gets to see any of these, so nothing has to be put back when the demo is made, or when making it fails.
 */
@Global()
@Module({})
class DemoModule {
  static on(foundation: Foundation, tx: Tx, { seed, providers }: Telling): DynamicModule {
    return {
      module: DemoModule,
      imports: [FlowsModule],
      providers: [
        ...groundOn(foundation),
        // Without SMTP_URL the only transport is the built-in mailbox, whatever the service itself has.
        { provide: CONFIG, useValue: { ...foundation.config, smtpUrl: null } },
        { provide: Database, useFactory: () => new OneTransaction(foundation.dataSource, tx) },
        { provide: Clock, useClass: StoryClock },
        { provide: RandomBytes, useFactory: () => new SeededBytes(seed) },
        // Truly random: how many bytes ids use up depends on their moments, and would move the share codes.
        { provide: Ids, useFactory: (clock: Clock) => new Ids(clock, new RandomBytes()), inject: [Clock] },
        Acts, SetUp, ...providers,
      ], // prettier-ignore
      exports: GROUND,
    };
  }
}

/** Lets `work` use the providers of a demo, and takes them down. */
export async function onDemoGround<T>(
  foundation: Foundation,
  tx: Tx,
  telling: Telling,
  work: (context: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const context = await NestFactory.createApplicationContext(DemoModule.on(foundation, tx, telling), {
    logger: new NestLog(foundation.log),
    abortOnError: false,
  });
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}
