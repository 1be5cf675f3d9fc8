import { oneRow, rows, type Tx } from '../platform/database.js';
import { IS_LEAD, LEAD_FIELDS, LEAD_TABLES, type LeadRow } from './lead.store.js';

/** A place in the feed: the transaction that changed a lead, and the lead. */
export interface FeedPlace {
  changedIn: string;
  id: string;
}

/** What the feed tells of a referral: what it is as a lead, or null when it is none any more. */
export interface FeedRow extends FeedPlace {
  lead: LeadRow | null;
}

/**
 * Referrals in the order in which transactions changed them, of transactions only before which none is open any more: one that
 * commits later has a higher number than all that was read, so nobody who goes on after the last row misses anything. What
 * has been pending only was never a lead.
 */
export async function changedLeads(tx: Tx, publicationId: string, after: FeedPlace, limit: number): Promise<FeedRow[]> {
  const changed = await rows<(LeadRow | { id: null }) & { feedId: string; feedIn: string }>(
    tx,
    `select page.id as feed_id, page.changed_in as feed_in, lead.* from (
       select publication_id, id, changed_in from referrals
       where publication_id = $1 and (changed_in, id) > ($2::bigint, $3::uuid)
         and changed_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint and state not in ('pending', 'expired')
       order by changed_in, id limit $4) page
     left join lateral (select ${LEAD_FIELDS} from ${LEAD_TABLES}
       where r.publication_id = page.publication_id and r.id = page.id and ${IS_LEAD}) lead on true
     order by page.changed_in, page.id`,
    [publicationId, after.changedIn, after.id, limit],
  );
  return changed.map(({ feedId, feedIn, ...lead }) => ({
    id: feedId,
    changedIn: feedIn,
    lead: lead.id === null ? null : lead,
  }));
}

/** Whether the server has not come to this transaction yet: then the place is of another server, or of a time that a restore took back. */
export async function isAhead(tx: Tx, { changedIn }: FeedPlace): Promise<boolean> {
  const row = await oneRow<{ ahead: boolean }>(
    tx,
    `select pg_snapshot_xmax(pg_current_snapshot())::text::bigint <= $1::bigint as ahead`,
    [changedIn],
  );
  return row!.ahead;
}

/**
 * Stamps anew what says that it was changed in a transaction that the server has not come to: rows out of a dump of another one,
 * which the feed would keep back until then. Over all publications: it is the server that is another one.
 */
export async function stampRestored(tx: Tx): Promise<void> {
  await tx.query(
    `update referrals r set changed_in = this_transaction() from publications p
     where r.publication_id = p.id and r.changed_in >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint`,
  );
}
