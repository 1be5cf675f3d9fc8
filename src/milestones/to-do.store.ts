import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { type GrantRow, WITH_NAMES } from './grant.store.js';

/** What a person has to do about grants: decide, hand over by hand, or upload codes. */
export const TO_DO = ['approve', 'hand-over', 'restock'] as const;
export type ToDo = (typeof TO_DO)[number];

/** Things that no mail hands over: parcels, what somebody does, and gift cards that are ordered elsewhere. */
const BY_HAND = `g.status = 'sent' and (
  w.kind in ('physical', 'custom')
  or (w.kind = 'gift_card' and not exists (
    select 1 from coupon_codes c where c.publication_id = g.publication_id and c.grant_id = g.id)))`;

const WAITS: Record<ToDo, string> = {
  approve: `g.status = 'awaiting_approval'`,
  'hand-over': BY_HAND,
  restock: `g.status = 'out_of_stock'`,
};

/** A grant that waits for somebody. */
interface GrantToDo extends GrantRow {
  /** Where a parcel goes, in one line; empty of all others. */
  address: string;
}

/** Oldest first. */
export async function listToDo(tx: Tx, publicationId: string, what: ToDo, page: PageRequest): Promise<GrantToDo[]> {
  return rows(
    tx,
    `select t.*, concat_ws(', ', a.name, a.variant, a.line1, a.line2, a.city, a.region, a.postcode, a.country) as address
     from (
       ${WITH_NAMES}
       where g.publication_id = $1 and ${WAITS[what]} and ($2::uuid is null or g.id > $2) order by g.id limit $3
     ) t left join shipping_addresses a on a.publication_id = t.publication_id and a.grant_id = t.id order by t.id`,
    [publicationId, page.after, page.limit + 1],
  );
}

/** How many wait; counted up to 1,000. */
export async function countToDo(tx: Tx, publicationId: string): Promise<Record<ToDo, number>> {
  const counted = TO_DO.map(
    (what) => `(select count(*)::int from (
      select 1 from grants g join rewards w on w.publication_id = g.publication_id and w.id = g.reward_id
      where g.publication_id = $1 and ${WAITS[what]} limit 1000) n) as "${what}"`,
  );
  const row = await oneRow<Record<ToDo, number>>(tx, `select ${counted.join(', ')}`, [publicationId]);
  return row ?? { approve: 0, 'hand-over': 0, restock: 0 };
}
