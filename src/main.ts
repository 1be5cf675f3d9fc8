import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { fillDemo } from './cli/demo.js';
import { Arrivals } from './http/arrivals.js';
import { createServer } from './http/server.js';
import { announce, forgetService, rememberService } from './announce.js';
import { dropLeases } from './mail/outbox.store.js';
import { dropDeliveryLeases } from './webhooks/delivery.store.js';
import { checkSecretKey, takeServiceLock } from './platform/instance.js';
import { type Config, ConfigError, readConfig } from './platform/config.js';
import { arm } from './platform/failpoints.js';
import { createLog } from './platform/log.js';
import { loadSecrets } from './platform/secrets.js';
import { StartError } from './platform/start-error.js';
import { startDatabase } from './start-database.js';

/** A stop that takes longer is cut off: whatever is unfinished is taken up by the next start. */
const DRAIN_MS = 10_000;

async function start(): Promise<void> {
  const config = readConfig(process.env);
  arm(config.failpoint);
  const log = createLog(config.logLevel);
  const database = await startDatabase(config, log);
  const secrets = loadSecrets(config);
  try {
    if (config.databaseUrl === null) {
      await takeServiceLock(database.dataSource, config.dataDir);
      // Alone from here on: what a killed service had claimed need not wait for the lease to end.
      await dropLeases(database.dataSource.manager);
      await dropDeliveryLeases(database.dataSource.manager);
    }
    await checkSecretKey(database.dataSource, secrets);
    const foundation = { config, secrets, dataSource: database.dataSource, log };
    if (config.demo) await fillDemo(foundation);
    const app = await createServer(AppModule.on(foundation), foundation);
    await app.init();
    const arrivals = new Arrivals(app.getHttpServer());
    await listen(app, config);
    stopOnSignal(async () => {
      forgetService(config);
      await arrivals.read();
      await app.close();
      await database.stop();
    });
    rememberService(config, await app.getUrl());
    await announce(app, config, secrets);
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function listen(app: NestFastifyApplication, { port, host }: Config): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const why: Record<string, string> = {
      EADDRINUSE: 'another program listens there',
      EACCES: 'this user may not listen there: ports below 1024 belong to root',
      EADDRNOTAVAIL: 'this machine has no such address',
    };
    const told = why[(error as NodeJS.ErrnoException).code ?? ''];
    if (told === undefined) throw error;
    await app.close();
    throw new StartError(`Port ${port} of ${host} cannot be used: ${told}. Choose another: PORT=3001 npm start`);
  }
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

start().catch((error: unknown) => {
  const isForOperator = error instanceof ConfigError || error instanceof StartError;
  process.stderr.write(`${isForOperator ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
