import { rows, type Tx } from '../platform/database.js';

/** The names of accounts and keys by how the audit log calls them, `account:{id}` and `key:{id}`; without those that are gone. */
export async function namesOfActors(
  tx: Tx,
  publicationId: string,
  actors: readonly string[],
): Promise<Map<string, string>> {
  const found = await rows<{ actor: string; name: string }>(
    tx,
    `select 'account:' || id as actor, name from accounts where 'account:' || id = any ($2::text[])
     union all
     select 'key:' || id, name from api_keys where publication_id = $1 and 'key:' || id = any ($2::text[])`,
    [publicationId, actors],
  );
  return new Map(found.map(({ actor, name }) => [actor, name]));
}
