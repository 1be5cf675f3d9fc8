import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import supertest from 'supertest';
import { expect } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { RecordClick } from '../../src/flows/record-click.js';
import { Tick } from '../../src/flows/tick.js';
import { createServer } from '../../src/http/server.js';
import type { ReceivedMail } from '../../src/mail/mail.entities.js';
import { listReceived } from '../../src/mail/received-mail.store.js';
import { Clock } from '../../src/platform/clock.js';
import type { Config } from '../../src/platform/config.js';
import { Database, rows } from '../../src/platform/database.js';
import { type Purpose, Tokens } from '../../src/platform/tokens.js';
import { databaseUrl, openDatabase } from './database.js';
import { atEndOfFile } from './file-end.js';

/*
 * The real application over the importing file's own database, put together as main.ts does and listening on a free port.
 * Its jobs do not tick by themselves: `tick()` does at once what they do in time.
 */

export const OPERATOR_KEY = 'kuchikomi_operator_of_the_tests';
export const SECRET_KEY = 'a secret of the tests that is long enough';
export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const MINUTE = 60_000;

/** What a `fetch`-like call of the API sends beside its body. */
export type Api = Record<'get' | 'post' | 'put' | 'patch' | 'delete', (path: string, body?: object) => supertest.Test>;

export interface TestApp {
  nest: NestFastifyApplication;
  config: Config;
  /** `http://127.0.0.1:{port}`; links in mails begin so too. */
  url: string;
  http: ReturnType<typeof supertest>;
  database: Database;
  clock: Clock;
  /** Lines that the application logged at `warn` or above. */
  logged: string[];
  get<T>(token: Type<T>): T;
  /** Calls of /api/v1 with a key. */
  api(key: string): Api;
  /** Lets the clock run from its present moment plus so much. */
  advance(milliseconds: number): void;
  /** Does something that waits no longer for a click to be stored than for real readers. */
  impatiently<T>(act: () => PromiseLike<T>): Promise<T>;
  /** Does all that is due now; fails when something stays stuck. */
  tick(): Promise<void>;
  /** Rows of a statement on the test's database, columns in camelCase. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- of any shape, as bodies are: the expectation checks it
  rows<Row = Record<string, any>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** What the transport took, oldest first, of one address or all. */
  mails(address?: string): Promise<ReceivedMail[]>;
  token(purpose: Purpose, publicationId: string, id: string, expiresAt?: Date): string;
  /** The token in the newest confirm mail of a reader, sent or not. */
  confirmToken(publicationId: string, subscriberId: string): Promise<string>;
  /** Every table in figures but those that count requests: equal before and after means that nothing was written. */
  snapshot(): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** What counts requests, refused ones too. */
const BOOKKEEPING = new Set(['network_limits', 'mail_limits', 'idempotency_keys']);

export async function startApp(
  changes: Partial<Config> = {},
  { poolSize = 20, tickingJobs = false }: { poolSize?: number; tickingJobs?: boolean } = {},
): Promise<TestApp> {
  const logged: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });
  const config = testConfig(changes);
  const secrets = { secretKeys: [SECRET_KEY], operatorKey: OPERATOR_KEY, operatorKeyFile: null };
  const foundation = { config, secrets, dataSource: await openDatabase({ poolSize }), log };
  const nest = await createServer(AppModule.on(foundation), foundation);
  await nest.listen(0, '127.0.0.1');
  if (!tickingJobs) stopJobs(nest);
  const url = (await nest.getUrl()).replace('[::1]', '127.0.0.1');
  // Links are made from the one PUBLIC_URL; the port is known only now.
  if (changes.publicUrl === undefined) {
    config.publicUrl = url;
    Object.assign(nest.get((await import('../../src/platform/links.js')).Links), { base: url });
  }
  const app = testApp(nest, config, url, logged);
  atEndOfFile(() => app.close());
  return app;
}

function testConfig(changes: Partial<Config>): Config {
  return {
    port: 0,
    host: '127.0.0.1',
    publicUrl: 'http://127.0.0.1',
    databaseUrl: databaseUrl(),
    dataDir: '/nonexistent',
    smtpUrl: null,
    dkim: null,
    operatorKey: OPERATOR_KEY,
    secretKey: SECRET_KEY,
    previousSecretKey: null,
    role: 'all',
    keyRate: 0,
    trustProxy: ['loopback'],
    demo: false,
    devTools: true,
    logLevel: 'warn',
    failpoint: null,
    ...changes,
  };
}

function stopJobs(nest: NestFastifyApplication): void {
  const registry = nest.get(SchedulerRegistry, { strict: false });
  for (const name of registry.getIntervals()) registry.deleteInterval(name);
}

function testApp(nest: NestFastifyApplication, config: Config, url: string, logged: string[]): TestApp {
  const get = <T>(token: Type<T>): T => nest.get(token, { strict: false });
  const [database, clock, tokens, recordClick] = [get(Database), get(Clock), get(Tokens), get(RecordClick)];
  const { patienceMs } = recordClick;
  recordClick.patienceMs = MINUTE; // what a test sees must not hang on how fast the machine is
  const http = supertest(url);
  let closing: Promise<void> | null = null;
  const app: TestApp = {
    nest,
    config,
    url,
    http,
    database,
    clock,
    logged,
    get,
    api: (key) => apiWith(http, key),
    advance: (milliseconds) => clock.set(new Date(clock.now().getTime() + milliseconds)),
    impatiently: async (act) => {
      recordClick.patienceMs = patienceMs;
      try {
        return await act();
      } finally {
        recordClick.patienceMs = MINUTE;
      }
    },
    tick: async () => expect(await get(Tick).run()).toBeNull(),
    rows: (sql, parameters = []) => rows(database.reader, sql, parameters),
    mails: async (address) => {
      const all = (await listReceived(database.reader, 10_000)).reverse();
      return address === undefined ? all : all.filter(({ recipient }) => recipient === address);
    },
    token: (purpose, publicationId, id, expiresAt) =>
      tokens.make(purpose, { publicationId, id, expiresAt: expiresAt ?? null }),
    confirmToken: async (publicationId, subscriberId) => {
      const [mail] = await app.rows<{ id: string }>(
        `select id from mails where publication_id = $1 and subscriber_id = $2 and message = 'confirm' order by id desc limit 1`,
        [publicationId, subscriberId],
      );
      if (mail === undefined) throw new Error('there is no confirm mail for this reader');
      return app.token('confirm', publicationId, mail.id);
    },
    snapshot: async () => {
      const tables = database.source.entityMetadatas
        .map(({ tableName }) => tableName)
        .filter((table) => !BOOKKEEPING.has(table));
      const parts = tables.map(
        (table) =>
          `select '${table}' as name, count(*)::int || ' ' || coalesce(md5(string_agg(t::text, '' order by t::text)), '') as state from ${table} t`,
      );
      const states = await app.rows<{ name: string; state: string }>(parts.join(' union all '));
      return Object.fromEntries(states.map(({ name, state }) => [name, state]));
    },
    close: () => (closing ??= nest.close()),
  };
  return app;
}

function apiWith(http: ReturnType<typeof supertest>, key: string): Api {
  const call = (method: keyof Api) => (path: string, body?: object) => {
    const request = http[method](`/api/v1${path}`).set('authorization', `Bearer ${key}`);
    return body === undefined ? request : request.send(body);
  };
  return {
    get: call('get'),
    post: call('post'),
    put: call('put'),
    patch: call('patch'),
    delete: call('delete'),
  };
}
