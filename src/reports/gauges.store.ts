import { rows, type Tx } from '../platform/database.js';

/** How many rows of a kind are in a state at the moment, over all publications: metrics are the operator's. */
export interface Depth {
  of: string;
  state: string;
  count: number;
  /** Of what is due the longest wait, in seconds; null for other states. */
  oldestSeconds: number | null;
}

/* All but the referrals are read from partial indexes: what was sent, which is nearly everything, is never counted. */
const waiting = (of: string, table: string, due: string): string => `
  select '${of}' as of, case when due_at <= $1 then 'due' else 'later' end as state, count(*)::int as count,
    extract(epoch from $1 - min(due_at) filter (where due_at <= $1))::float8 as oldest_seconds
  from ${table} where ${due} group by 2`;
const stopped = (of: string, table: string, states: string): string => `
  select '${of}' as of, state, count(*)::int as count, null::float8 as oldest_seconds
  from ${table} where state in (${states}) group by 2`;
const STATEMENTS = [
  waiting('mails', 'mails', `state = 'waiting'`),
  stopped('mails', 'mails', `'dead', 'uncertain', 'suppressed'`),
  waiting('webhooks', 'webhook_deliveries', `state = 'waiting'`),
  stopped('webhooks', 'webhook_deliveries', `'failed'`),
  waiting('grants', 'grants', `status = 'due' and due_at <= $1`),
  stopped('referrals', 'referrals', `'pending', 'held', 'verified', 'rejected', 'expired', 'reversed'`),
];

export async function depths(tx: Tx, now: Date): Promise<Depth[]> {
  return rows(tx, STATEMENTS.join(' union all '), [now]);
}
