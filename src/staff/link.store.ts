import { oneRow, rows, type Tx } from '../platform/database.js';
import { StaffLink } from './account.entities.js';

/** The one link that makes the first account, or null when it was used or somebody is here. Every process gets the same one. */
export async function takeFirstLink(tx: Tx, id: string, now: Date): Promise<string | null> {
  await tx.query(
    `insert into staff_links (id, purpose, created_at) select $1, 'first', $2 where not exists (select 1 from accounts)
     on conflict (purpose) where purpose = 'first' do nothing`,
    [id, now],
  );
  const open = await oneRow<{ id: string }>(
    tx,
    `select id from staff_links where purpose = 'first' and used_at is null and not exists (select 1 from accounts)`,
  );
  return open?.id ?? null;
}

/** A second invitation of an address to a publication takes the place of the first: its link ends. */
export async function insertLink(tx: Tx, link: StaffLink): Promise<void> {
  if (link.purpose === 'invitation') {
    await tx.query(
      `delete from staff_links where purpose = 'invitation' and publication_id is not distinct from $1 and email_key = $2 and used_at is null`,
      [link.publicationId, link.emailKey],
    );
  }
  await tx.getRepository(StaffLink).insert(link);
}

/** Directory look-up: the token names nothing but the link. */
export async function findLink(tx: Tx, id: string): Promise<StaffLink | null> {
  return tx.getRepository(StaffLink).findOneBy({ id });
}

/** Uses a link up. Null when it was used before or has ended: of any number at once, one gets it. */
export async function useLink(tx: Tx, id: string, now: Date): Promise<StaffLink | null> {
  return oneRow(
    tx,
    `update staff_links set used_at = $2 where id = $1 and used_at is null and (expires_at is null or expires_at > $2) returning *`,
    [id, now],
  );
}

/** Open invitations of a publication, oldest first. */
export async function listInvitations(tx: Tx, publicationId: string, now: Date): Promise<StaffLink[]> {
  return rows(
    tx,
    `select * from staff_links where publication_id = $1 and purpose = 'invitation' and used_at is null and expires_at > $2 order by id`,
    [publicationId, now],
  );
}

/** Takes an open invitation back. Null when there is none. */
export async function deleteInvitation(tx: Tx, publicationId: string, id: string): Promise<StaffLink | null> {
  return oneRow(
    tx,
    `delete from staff_links where publication_id = $1 and id = $2 and purpose = 'invitation' and used_at is null returning *`,
    [publicationId, id],
  );
}

/** Of everybody: those that ended before. The first account's has no end, so its row stays and says that it was used. */
export async function removeEndedLinks(tx: Tx, endedBefore: Date): Promise<void> {
  await tx.query(`delete from staff_links where expires_at <= $1`, [endedBefore]);
}
