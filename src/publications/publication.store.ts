import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { Publication } from './publication.entities.js';

/** False when the slug is taken. */
export async function insertPublication(tx: Tx, publication: Publication): Promise<boolean> {
  const inserted = await rows(
    tx,
    `insert into publications (id, slug, name, site_url, from_email, from_name, locale, timezone, postal_address, allowed_origins, created_at, program_mails)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (slug) do nothing returning id`,
    [
      publication.id, publication.slug, publication.name, publication.siteUrl, publication.fromEmail, publication.fromName,
      publication.locale, publication.timezone, publication.postalAddress, publication.allowedOrigins, publication.createdAt,
      publication.programMails,
    ], // prettier-ignore
  );
  return inserted.length > 0;
}

/** Directory look-up: a public page knows nothing but the slug. */
export async function findPublicationBySlug(tx: Tx, slug: string): Promise<Publication | null> {
  return tx.getRepository(Publication).findOneBy({ slug });
}

export async function findPublication(tx: Tx, publicationId: string): Promise<Publication | null> {
  return tx.getRepository(Publication).findOneBy({ id: publicationId });
}

/** Throws when there is none: ids of publications come from our own rows and tokens. */
export async function getPublication(tx: Tx, publicationId: string): Promise<Publication> {
  return tx.getRepository(Publication).findOneByOrFail({ id: publicationId });
}

/** As getPublication, and nobody else changes it until the transaction ends. Signups go on: they take no more than its key. */
export async function lockPublication(tx: Tx, publicationId: string): Promise<Publication> {
  const [publication] = await rows<Publication>(tx, `select * from publications where id = $1 for no key update`, [
    publicationId,
  ]);
  if (publication === undefined) throw new Error(`no publication ${publicationId}`);
  return publication;
}

/** Each zone that a publication is in, once: the directory of what happens by local time. */
export async function timezonesInUse(tx: Tx): Promise<string[]> {
  const found = await rows<{ timezone: string }>(tx, `select distinct timezone from publications`);
  return found.map(({ timezone }) => timezone);
}

export async function listPublications(tx: Tx, page: PageRequest): Promise<Publication[]> {
  return rows(tx, `select * from publications where ($1::uuid is null or id < $1) order by id desc limit $2`, [
    page.after,
    page.limit + 1,
  ]);
}

export async function hasPublications(tx: Tx): Promise<boolean> {
  return (await oneRow(tx, `select 1 as found from publications limit 1`)) !== null;
}

/**
 * True when there is no publication, and none but this transaction can make one until it ends. The lock lets readers through
 * and holds up inserts, of publications only.
 */
export async function lockWhileEmpty(tx: Tx): Promise<boolean> {
  await tx.query(`lock table publications in share row exclusive mode`);
  return !(await hasPublications(tx));
}

export async function updatePublication(tx: Tx, publicationId: string, changes: Partial<Publication>): Promise<void> {
  if (Object.keys(changes).length > 0) await tx.getRepository(Publication).update({ id: publicationId }, changes);
}

/** Of all publications, oldest first: what an operator does is done to each. */
export async function listPublicationIds(tx: Tx): Promise<string[]> {
  return (await rows<{ id: string }>(tx, 'select id from publications order by id')).map(({ id }) => id);
}
