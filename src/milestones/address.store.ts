import { oneRow, rows, type Tx } from '../platform/database.js';
import type { Grant } from './milestone.entities.js';
import type { ShippingAddress } from './reward.entities.js';

/** Keeps where to send a grant. The caller holds the grant, which had no address before. */
export async function insertAddress(tx: Tx, address: ShippingAddress): Promise<void> {
  await tx.query(
    `insert into shipping_addresses (publication_id, grant_id, variant, name, country, postcode, region, city, line1, line2, phone, given_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      address.publicationId, address.grantId, address.variant, address.name, address.country, address.postcode, address.region,
      address.city, address.line1, address.line2, address.phone, address.givenAt,
    ], // prettier-ignore
  );
}

export async function forgetAddress(tx: Tx, publicationId: string, grantId: string): Promise<void> {
  await tx.query(`delete from shipping_addresses where publication_id = $1 and grant_id = $2`, [
    publicationId,
    grantId,
  ]);
}

/** All addresses that a person has given. */
export async function forgetAddressesOf(tx: Tx, publicationId: string, subscriberId: string): Promise<void> {
  await tx.query(
    `delete from shipping_addresses a using grants g
     where g.publication_id = $1 and g.subscriber_id = $2 and a.publication_id = g.publication_id and a.grant_id = g.id`,
    [publicationId, subscriberId],
  );
}

/**
 * Forgets addresses of all publications: of parcels that were posted before a moment, and those that were given before another and
 * of which nobody has said what became of them.
 */
export async function removeAddressesBefore(tx: Tx, postedBefore: Date, givenBefore: Date): Promise<void> {
  await tx.query(
    `delete from shipping_addresses a using grants g
     where g.publication_id = a.publication_id and g.id = a.grant_id
       and (a.given_at < $2 or (a.given_at < $1 and g.status = 'fulfilled' and g.fulfilled_at < $1))`,
    [postedBefore, givenBefore],
  );
}

/**
 * Locks the oldest grants that wait for an address and whose person has not been asked yet though they are due, over all
 * publications: the schedule serves everybody.
 * @param only one publication; null for all
 */
export async function lockGrantsToAsk(tx: Tx, now: Date, limit: number, only: string | null): Promise<Grant[]> {
  return rows(
    tx,
    `select g.* from grants g join subscribers s on s.publication_id = g.publication_id and s.id = g.subscriber_id
     where g.status = 'awaiting_claim' and g.asked_at is null and g.due_at <= $1 and s.status = 'active'
       and ($3::uuid is null or g.publication_id = $3)
     order by g.due_at limit $2 for no key update of g skip locked`,
    [now, limit, only],
  );
}

/** How many lockGrantsToAsk would find, were nobody at work on them. */
export async function countGrantsToAsk(tx: Tx, now: Date): Promise<number> {
  const row = await oneRow<{ count: number }>(
    tx,
    `select count(*)::int as count from grants g
     join subscribers s on s.publication_id = g.publication_id and s.id = g.subscriber_id
     where g.status = 'awaiting_claim' and g.asked_at is null and g.due_at <= $1 and s.status = 'active'`,
    [now],
  );
  return row?.count ?? 0;
}

/** A parcel to be packed. */
export interface Parcel extends Omit<ShippingAddress, 'publicationId'> {
  rewardName: string;
  email: string;
}

/** The parcels of a publication that were released and nobody has said to be posted, oldest first, as SQL for a streamed read. */
export function parcelsToSend(publicationId: string): { sql: string; parameters: unknown[] } {
  const sql = `
    select a.grant_id, w.name as reward_name, a.variant, a.name, a.line1, a.line2, a.city, a.region, a.postcode, a.country, a.phone,
      s.email, a.given_at
    from grants g
    join shipping_addresses a on a.publication_id = g.publication_id and a.grant_id = g.id
    join rewards w on w.publication_id = g.publication_id and w.id = g.reward_id
    join subscribers s on s.publication_id = g.publication_id and s.id = g.subscriber_id
    where g.publication_id = $1 and g.status = 'sent' and s.status <> 'erased' order by a.given_at, g.id`;
  return { sql, parameters: [publicationId] };
}

/** The addresses that a person has given and that are still kept. */
export async function addressesGivenBy(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
): Promise<ShippingAddress[]> {
  return rows(
    tx,
    `select a.* from shipping_addresses a join grants g on g.publication_id = a.publication_id and g.id = a.grant_id
     where g.publication_id = $1 and g.subscriber_id = $2 order by a.given_at`,
    [publicationId, subscriberId],
  );
}
