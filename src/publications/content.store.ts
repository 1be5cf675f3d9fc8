import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { Content } from './publication.entities.js';

/** Makes the content of this slug or replaces what is said of it; its id stays. `created` tells which. */
export async function putContent(tx: Tx, content: Content): Promise<{ content: Content; created: boolean }> {
  const row = await oneRow<Content & { created: boolean }>(
    tx,
    `insert into contents (publication_id, id, slug, title, url, kind, published_at, created_at, description)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (publication_id, slug) do update
       set title = excluded.title, url = excluded.url, kind = excluded.kind, published_at = excluded.published_at,
         description = excluded.description
     returning *, (id = $2) as created`,
    [
      content.publicationId,
      content.id,
      content.slug,
      content.title,
      content.url,
      content.kind,
      content.publishedAt,
      content.createdAt,
      content.description,
    ],
  );
  if (row === null) throw new Error('the upsert of a content answered no row');
  const { created, ...stored } = row;
  return { content: stored, created };
}

export async function findContent(tx: Tx, publicationId: string, slug: string): Promise<Content | null> {
  return tx.getRepository(Content).findOneBy({ publicationId, slug });
}

/** A content by its id, as a click or referral names it. */
export async function contentById(tx: Tx, publicationId: string, id: string): Promise<Content | null> {
  return tx.getRepository(Content).findOneBy({ publicationId, id });
}

export async function listContents(tx: Tx, publicationId: string, page: PageRequest): Promise<Content[]> {
  return rows(
    tx,
    `select * from contents where publication_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
    [publicationId, page.after, page.limit + 1],
  );
}

/** The newest contents by day of publication, for a reader to choose what to share. */
export async function latestContents(tx: Tx, publicationId: string, limit: number): Promise<Content[]> {
  return rows(
    tx,
    `select * from contents where publication_id = $1 order by coalesce(published_at, created_at) desc, id desc limit $2`,
    [publicationId, limit],
  );
}

export async function contentsBySlug(tx: Tx, publicationId: string, slugs: readonly string[]): Promise<Content[]> {
  return rows(tx, `select * from contents where publication_id = $1 and slug = any ($2::text[])`, [
    publicationId,
    slugs,
  ]);
}
