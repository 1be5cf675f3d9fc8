import { Database, type Tx } from '../../platform/database.js';

/**
 * A database in which every flow works inside one transaction that is open already. So the demo is there as a whole or not at
 * all, whenever the process is killed, and no job of this or another process sees a part of it or sends one of its mails.
 */
export class OneTransaction extends Database {
  constructor(
    source: Database['source'],
    private readonly tx: Tx,
  ) {
    super(source);
    queueStatements(tx);
  }

  override transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return work(this.tx);
  }

  override get reader(): Tx {
    return this.tx;
  }
}

/** Lets a statement wait for the one before it: a connection takes one at a time, and workers are used to having several connections. */
function queueStatements(tx: Tx): void {
  const runner = tx.queryRunner;
  if (runner === undefined) throw new Error('there is no open transaction');
  const query = runner.query.bind(runner);
  let last: Promise<unknown> = Promise.resolve();
  runner.query = (...statement: Parameters<typeof query>) => {
    const answer = last.then(() => query(...statement));
    last = answer.catch(() => undefined);
    return answer;
  };
}
