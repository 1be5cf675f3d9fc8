import { rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { ApiKey } from './api-key.entities.js';

export async function insertApiKey(tx: Tx, key: ApiKey): Promise<void> {
  await tx.getRepository(ApiKey).insert(key);
}

/** Directory look-up: a request brings nothing but its key. */
export async function findApiKeyByHash(tx: Tx, secretHash: Buffer): Promise<ApiKey | null> {
  return tx.getRepository(ApiKey).findOneBy({ secretHash });
}

export async function listApiKeys(tx: Tx, publicationId: string, page: PageRequest): Promise<ApiKey[]> {
  return rows(
    tx,
    `select * from api_keys where publication_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
    [publicationId, page.after, page.limit + 1],
  );
}

/** The key of this id, if the publication has it, and all its admin keys, locked until the transaction ends. */
export async function lockKeyAndAdmins(
  tx: Tx,
  publicationId: string,
  id: string,
): Promise<Pick<ApiKey, 'id' | 'role'>[]> {
  return rows(
    tx,
    `select id, role from api_keys where publication_id = $1 and (id = $2 or role = 'admin') order by id for update`,
    [publicationId, id],
  );
}

export async function deleteApiKey(tx: Tx, publicationId: string, id: string): Promise<void> {
  await tx.getRepository(ApiKey).delete({ publicationId, id });
}
