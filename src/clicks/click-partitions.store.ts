import { rows, type Tx } from '../platform/database.js';

/** A month of UTC as `2026-11`: the clicks of its hours are one partition. */
export type ClickMonth = string;

/** The months that have a partition, oldest first. */
export async function listClickMonths(tx: Tx): Promise<ClickMonth[]> {
  const found = await rows<{ month: ClickMonth }>(
    tx,
    `select replace(substring(relname from '^clicks_(\\d{4}_\\d{2})$'), '_', '-') as month
     from pg_inherits join pg_class on pg_class.oid = inhrelid
     where inhparent = 'clicks'::regclass and relname ~ '^clicks_\\d{4}_\\d{2}$' order by 1`,
  );
  return found.map(({ month }) => month);
}

/**
 * Gives a month its partition, with the clicks that came before it had one. Made beside the table and attached: `create … partition of`
 * would stop every redirect while it waits for a long report. Throws where another long statement is in the way (SQLSTATE 55P03).
 */
export async function addClickMonth(tx: Tx, month: ClickMonth): Promise<void> {
  const name = partitionOf(month);
  const [from, to] = boundsOf(month);
  await tx.query(`set local lock_timeout = '${LOCK_PATIENCE}'`);
  await tx.query('lock table clicks_other in access exclusive mode');
  if ((await listClickMonths(tx)).includes(month)) return; // another process had the lock before
  await tx.query(`create table ${name} (like clicks including constraints)`);
  await tx.query(
    `with moved as (delete from clicks_other where hour >= $1 and hour < $2 returning *) insert into ${name} select * from moved`,
    [from, to],
  );
  await tx.query(`alter table clicks attach partition ${name} for values from ('${from}') to ('${to}')`);
}

/** A redirect waits at most 250 ms for its click. */
const LOCK_PATIENCE = '150ms';

/** The name comes into SQL as it is, so nothing but a month may. */
function partitionOf(month: ClickMonth): string {
  if (!/^\d{4}-\d{2}$/.test(month)) throw new Error(`${month} is no month`);
  return `clicks_${month.replace('-', '_')}`;
}

/** The first moment of the month and of the next. */
function boundsOf(month: ClickMonth): [from: string, to: string] {
  const from = new Date(`${month}-01T00:00:00Z`);
  return [from.toISOString(), new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1)).toISOString()];
}
