import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { type Config, readConfig } from '../../src/platform/config.js';
import type { Foundation } from '../../src/platform/platform.module.js';
import { databaseUrl, openDatabase } from './database.js';
import { atEndOfFile } from './file-end.js';

/* What the demos are made on: the running test file's own database, and a DATA_DIR that goes with the file. */

const SECRET_KEY = 'a secret of the tests that is long enough';
const OPERATOR_KEY = 'kuchikomi_operator_of_the_tests';

export async function demoGround() {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'kuchikomi-demo-'));
  atEndOfFile(() => rmSync(dataDir, { recursive: true }));

  const config = (changes: NodeJS.ProcessEnv = {}): Config =>
    readConfig({
      ...{ PORT: '0', PUBLIC_URL: 'http://localhost:3000', DATABASE_URL: databaseUrl(), DATA_DIR: dataDir },
      ...{ SECRET_KEY, OPERATOR_KEY, DEV_TOOLS: 'on', LOG_LEVEL: 'silent' },
      ...changes,
    });

  const foundation: Foundation = {
    config: config(),
    secrets: { secretKeys: [SECRET_KEY], operatorKey: OPERATOR_KEY, operatorKeyFile: null },
    dataSource: await openDatabase(),
    log: pino({ level: 'silent' }),
  };

  const query = <Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> =>
    foundation.dataSource.query<Row[]>(sql, parameters);

  const count = async (what: string): Promise<number> =>
    (await query<{ n: number }>(`select count(*)::int as n from ${what}`))[0]!.n;

  /** As after the first migration: also without what no publication owns, such as how often an address was mailed. */
  const empty = async (): Promise<void> => {
    const tables = await query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename not in ('migrations', 'instance_settings')`,
    );
    await query(`truncate ${tables.map(({ name }) => name).join(', ')}`);
  };

  /** As the server sees a process that was killed: its connection is gone while the transaction is open. */
  const killTheFillInTheMiddle = async (): Promise<void> => {
    for (let tries = 0; tries < 2_000; tries++) {
      const [killed] = await query<{ pid: number }>(
        `select pid, pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and query like '%insert into clicks%' and xact_start < clock_timestamp() - interval '200 ms'`,
      );
      if (killed !== undefined) return;
      await sleep(2);
    }
    throw new Error('the fill was never seen at work');
  };

  return { config, foundation, query, count, empty, killTheFillInTheMiddle };
}

export function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
