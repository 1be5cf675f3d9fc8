import { NETWORK_LIMIT, REQUESTED_MAIL_LIMIT } from '../domain/mail-limits.js';
import { oneRow, type Tx } from '../platform/database.js';

/*
 * Plain SQL and not rate-limiter-flexible: its windows are fixed, so that "three in 24 hours" would let six through around
 * midnight; it cannot be part of the signup's transaction, so that a signup that fails would still use up the address's mail;
 * it follows the system's clock and makes a table of its own. Two statements do more, and fail when the database does: closed.
 */

/**
 * Takes the place of one mail to an address, in the transaction that promises the mail. Answers when it may be sent: now, or for
 * one that may wait, when it has been quiet for long enough. Null when there is no place.
 * One statement that locks the address's row: of any number at once, over any publications and processes, one sees it free.
 */
export async function takeMail(tx: Tx, address: Buffer, now: Date, mayWait: boolean): Promise<Date | null> {
  const { quietMs, mostADay, dayMs } = REQUESTED_MAIL_LIMIT;
  const taken = await oneRow<{ latest: Date }>(
    tx,
    `insert into mail_limits as l (address, recent, latest) values ($1, array[$2::timestamptz], $2)
     on conflict (address) do update
       set recent = array(select at from unnest(l.recent) at where at > $3) || greatest($2, l.latest + $4::interval),
         latest = greatest($2, l.latest + $4::interval)
       where (l.latest + $4::interval <= $2 or $6) and (select count(*) from unnest(l.recent) at where at > $3) < $5
     returning latest`,
    [address, now, new Date(now.getTime() - dayMs), `${quietMs} milliseconds`, mostADay, mayWait],
  );
  return taken?.latest ?? null;
}

/** Counts one more form of a network, or of whatever else the hash is of. Answers null when it may pass, else when it may come again. */
export async function countForm(tx: Tx, network: Buffer, now: Date, limit = NETWORK_LIMIT): Promise<Date | null> {
  const row = await oneRow<{ count: number; endsAt: Date }>(
    tx,
    `insert into network_limits as l (network, ends_at, count) values ($1, $2, 1)
     on conflict (network) do update
       set ends_at = case when l.ends_at <= $3 then excluded.ends_at else l.ends_at end,
         count = case when l.ends_at <= $3 then 1 else least(l.count, $4) + 1 end
     returning count, ends_at`,
    [network, new Date(now.getTime() + limit.windowMs), now, limit.most],
  );
  return row !== null && row.count > limit.most ? row.endsAt : null;
}

/** Removes what limits nobody any more, over all publications. */
export async function removePastLimits(tx: Tx, now: Date): Promise<void> {
  await tx.query(`delete from mail_limits where latest <= $1`, [new Date(now.getTime() - REQUESTED_MAIL_LIMIT.dayMs)]);
  await tx.query(`delete from network_limits where ends_at <= $1`, [now]);
}
