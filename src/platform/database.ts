import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, type EntityManager, QueryFailedError, type QueryRunner } from 'typeorm';

/** A running transaction: the first argument of every store. */
export type Tx = EntityManager;

/** Any fixed number does; all processes of one database must agree on it. */
const MIGRATION_LOCK = 7_246_061;
/** serialization_failure, deadlock_detected: the database asks to try again. */
const RETRYABLE = new Set(['40001', '40P01']);
const TRIES = 5;

/** Opens transactions. Flows hold one; stores get what it opens. */
@Injectable()
export class Database {
  /**
   * How many transactions of this process have ended: what was read before the last one may be out of date. Clicks are
   * appended without one, so that a busy redirect makes nothing look old.
   */
  ended = 0;

  constructor(readonly source: DataSource) {}

  /**
   * Runs `work` in one READ COMMITTED transaction and commits when it returns.
   * Tried again, whole, when the database broke a deadlock: `work` must keep nothing from a failed try.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.source.transaction(work);
      } catch (error) {
        if (attempt >= TRIES || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
        await sleep(attempt * 10);
      } finally {
        this.ended++; // after an error too: a commit whose answer got lost is a commit
      }
    }
  }

  /** Runs reads that must all see the database as it is at one moment; waits for nobody. */
  async snapshot<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.source.transaction('REPEATABLE READ', work);
  }

  /** Streams the rows of a long read, columns in camelCase, in constant memory; the connection is given back at the end or when the reader leaves. */
  async *stream<Row>(sql: string, parameters: readonly unknown[]): AsyncGenerator<Row> {
    const runner = this.source.createQueryRunner();
    try {
      yield* streamOf<Row>(runner, sql, parameters);
    } finally {
      await runner.release();
    }
  }

  /** As stream, of several reads one after the other that all see the database as it is at one moment. Each row comes with its read's name. */
  async *streamTogether<Row>(
    reads: readonly { name: string; sql: string; parameters: readonly unknown[] }[],
  ): AsyncGenerator<{ name: string; row: Row }> {
    const runner = this.source.createQueryRunner();
    await runner.startTransaction('REPEATABLE READ');
    try {
      for (const { name, sql, parameters } of reads) {
        for await (const row of streamOf<Row>(runner, sql, parameters)) yield { name, row };
      }
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }

  /** Throws when the database does not answer. */
  hasPendingMigrations(): Promise<boolean> {
    return this.source.showMigrations();
  }

  /** For reads of one statement, where a transaction would only cost two round trips. */
  get reader(): Tx {
    return this.source.manager;
  }
}

/**
 * Runs one SQL statement with `$1 …` parameters and answers its rows, columns in camelCase.
 * TypeORM answers rows for SELECT and INSERT, but `[rows, count]` for UPDATE and DELETE.
 */
export async function rows<Row>(tx: Tx, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  const answer: unknown = await tx.query(sql, parameters as unknown[]);
  const isUpdate =
    Array.isArray(answer) && answer.length === 2 && Array.isArray(answer[0]) && typeof answer[1] === 'number';
  return ((isUpdate ? answer[0] : answer) as Record<string, unknown>[]).map((row) => camelRow(row) as Row);
}

/**
 * Loads rows by `copy … from stdin` in the text format, as fast as the database takes them. When the source of the lines
 * throws, so does this, and the transaction can only be rolled back.
 */
export async function copyIn(tx: Tx, sql: string, lines: AsyncIterable<string>): Promise<void> {
  if (tx.queryRunner === undefined) throw new Error('COPY needs a transaction');
  const client = (await tx.queryRunner.connect()) as ClientBase;
  const copy = client.query(copyFrom(sql));
  const closed = new Promise((resolve) => copy.once('close', resolve));
  try {
    await pipeline(lines, copy);
  } catch (error) {
    await closed; // the database has taken note that the rest does not come; only then may the next statement
    throw error;
  }
}

/**
 * Counts the rows of all tables anew for the planner, inside the transaction too: who writes many rows in one transaction is
 * otherwise planned for as if the tables were still empty, and nobody else can count what is not committed.
 */
export async function refreshStatistics(tx: Tx): Promise<void> {
  const tables = tx.connection.entityMetadatas.map(({ tableName }) => tableName);
  await tx.query(`analyze ${tables.join(', ')}`);
}

/** The first row, or null. */
export async function oneRow<Row>(tx: Tx, sql: string, parameters: readonly unknown[] = []): Promise<Row | null> {
  return (await rows<Row>(tx, sql, parameters))[0] ?? null;
}

const camelNames = new Map<string, string>();

function camelRow(row: Record<string, unknown>): Record<string, unknown> {
  const renamed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    let camel = camelNames.get(name);
    if (camel === undefined) {
      camel = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      camelNames.set(name, camel);
    }
    renamed[camel] = value;
  }
  return renamed;
}

/** The five-character SQLSTATE of an error of the database, of its driver or of the connection; null for any other error. */
export function sqlState(error: unknown): string | null {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}

const AWAY = /^(08|53|57P|ECONN|ENOENT|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN)/;

/** True when the database could not be reached or is shutting down: the work may be tried later. */
export function isDatabaseAway(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null && AWAY.test(state)) return true;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return (
    cause instanceof Error &&
    /Connection terminated|timeout exceeded when trying to connect|Driver not Connected|client has encountered a connection error/i.test(
      cause.message,
    )
  );
}

/**
 * Runs the pending migrations, one process at a time, and answers their names.
 * TypeORM takes no lock of its own: two processes that start together would both run them.
 */
export async function migrate(source: DataSource): Promise<string[]> {
  const holder = source.createQueryRunner();
  await holder.connect();
  try {
    await holder.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const done = await source.runMigrations({ transaction: 'each' });
    return done.map((migration) => migration.name);
  } finally {
    await holder.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await holder.release();
  }
}

async function* streamOf<Row>(runner: QueryRunner, sql: string, parameters: readonly unknown[]): AsyncGenerator<Row> {
  const stream = await runner.stream(sql, parameters as unknown[]);
  const closed = once(stream, 'close');
  try {
    for await (const row of stream) yield camelRow(row as Record<string, unknown>) as Row;
  } finally {
    // A reader that leaves early leaves a cursor behind, and the next user of the connection would get its rows.
    stream.destroy();
    await closed;
  }
}
