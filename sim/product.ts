import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { AppModule } from '../src/app.module.js';
import { createDataSource } from '../src/data-source.js';
import { SendMails } from '../src/flows/send-mails.js';
import { Tick } from '../src/flows/tick.js';
import { createServer } from '../src/http/server.js';
import { Clock } from '../src/platform/clock.js';
import type { Config } from '../src/platform/config.js';
import { Database, rows } from '../src/platform/database.js';

/*
 * The real service over a database of its own, put together as main.ts does, but asked without a socket. Its clock is moved from
 * one happening to the next, and its jobs run when they are told to.
 */

const OPERATOR_KEY = 'kuchikomi_operator_of_the_simulation';
const PUBLIC_URL = 'https://loop.example';

/** Levels by the names that the API knows. */
export const LEVELS = ['flexible', 'strong', 'very_strong'] as const;
export type Level = (typeof LEVELS)[number];

export interface Call {
  method: 'GET' | 'HEAD' | 'POST' | 'PATCH';
  /** With or without PUBLIC_URL. */
  url: string;
  headers: Record<string, string>;
  /** An object is sent as JSON, parameters as a form. */
  body?: object | URLSearchParams;
}

export interface Answer {
  status: number;
  location: string | null;
  /** `name=value` of each cookie that it set. */
  cookies: string[];
  text: string;
}

/** What became of an address. */
export interface Outcome {
  email: string;
  /** Null for a reader whom nobody referred. */
  state: string | null;
  heldFor: string | null;
  reasons: { code: string }[] | null;
  /** It was held for review at some time, whatever became of it. */
  waited: boolean;
}

export class Product {
  siteKey = '';
  readonly slug = 'letter';

  private constructor(private readonly nest: NestFastifyApplication) {}

  /** On a migrated, empty database, with one publication whose program has this level. */
  static async start(databaseUrl: string, level: Level): Promise<Product> {
    const log = pino({ level: 'error' });
    const dataSource = await createDataSource(databaseUrl, { poolSize: 10 }).initialize();
    // The mailbox of a developer is read whole; here somebody looks for their own mail ten thousand times.
    await dataSource.query('create index on received_mails (recipient)');
    const secrets = {
      secretKeys: ['a secret of the simulation, long enough'],
      operatorKey: OPERATOR_KEY,
      operatorKeyFile: null,
    };
    const foundation = { config: config(databaseUrl), secrets, dataSource, log };
    const nest = await createServer(AppModule.on(foundation), foundation);
    await nest.init();
    const registry = nest.get(SchedulerRegistry, { strict: false });
    for (const name of registry.getIntervals()) registry.deleteInterval(name);
    await nest.getHttpAdapter().getInstance().ready();
    const product = new Product(nest);
    await product.publish(level);
    return product;
  }

  private async publish(level: Level): Promise<void> {
    const publication = {
      slug: this.slug,
      name: 'The Letter',
      siteUrl: 'https://letter.example',
      fromEmail: 'editor@letter.example',
      fromName: 'Editor',
    };
    const { apiKey } = await this.api('POST', '/publications', OPERATOR_KEY, publication);
    await this.api('PATCH', '/programs/default', apiKey.secret, { fraud: { level } });
    this.siteKey = (await this.api('POST', '/api-keys', apiKey.secret, { role: 'site', name: 'site' })).secret;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- of any shape; the caller knows which
  private async api(method: 'POST' | 'PATCH', path: string, key: string, body: object): Promise<any> {
    const answer = await this.call({
      method,
      url: `/api/v1${path}`,
      headers: { authorization: `Bearer ${key}` },
      body,
    });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text);
  }

  async call({ method, url, headers, body }: Call): Promise<Answer> {
    const isForm = body instanceof URLSearchParams;
    const answer = await this.nest.inject({
      method,
      url: url.replace(PUBLIC_URL, ''),
      headers: {
        ...headers,
        ...(isForm ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(body === undefined ? {} : { payload: isForm ? body.toString() : body }),
    });
    return {
      status: answer.statusCode,
      location: answer.headers.location ?? null,
      cookies: answer.cookies.map(({ name, value }) => `${name}=${value}`),
      text: answer.payload,
    };
  }

  /** The moment of the next happening. */
  at(moment: Date): void {
    this.get(Clock).set(moment);
  }

  sendMails(): Promise<void> {
    return this.get(SendMails).run();
  }

  /** All that the schedule does. */
  async tick(): Promise<void> {
    const stuck = await this.get(Tick).run();
    if (stuck !== null) throw new Error(stuck);
  }

  /** The path of the link in the newest confirm mail that this address got, or null. */
  async confirmPath(email: string): Promise<string | null> {
    const mails = await rows<{ text: string }>(
      this.get(Database).reader,
      `select text from received_mails where recipient = $1 and text like '%/confirm/%' order by at desc limit 1`,
      [email],
    );
    return mails[0] === undefined ? null : (/\/confirm\/[\w.-]+/.exec(mails[0].text)?.[0] ?? null);
  }

  outcomes(): Promise<Outcome[]> {
    return rows(
      this.get(Database).reader,
      `select s.email, r.state, r.held_for, r.reasons, exists (select 1 from referral_events e
         where e.publication_id = r.publication_id and e.referral_id = r.id and e.to_state = 'held') as waited
       from subscribers s
       left join referrals r on r.publication_id = s.publication_id and r.referred_id = s.id`,
    );
  }

  close(): Promise<void> {
    return this.nest.close();
  }

  private get<T>(token: Type<T>): T {
    return this.nest.get(token, { strict: false });
  }
}

function config(databaseUrl: string): Config {
  return {
    port: 0,
    host: '127.0.0.1',
    publicUrl: PUBLIC_URL,
    databaseUrl,
    dataDir: '/nonexistent',
    smtpUrl: null,
    dkim: null,
    operatorKey: OPERATOR_KEY,
    secretKey: null,
    previousSecretKey: null,
    role: 'all',
    keyRate: 0,
    trustProxy: ['loopback'],
    demo: false,
    devTools: true,
    logLevel: 'error',
    failpoint: null,
  };
}
