import { type Host, withClient } from './host.js';
import { populate } from './populate.js';
import { makePublication } from './publication.js';
import { type Running, startProgram, startService } from './service.js';

/** A program that a publication's site speaks to, with its database and readers. */
export interface Site {
  running: Running;
  databaseUrl: string;
  publicationId: string;
  /** Of Kuchikomi's API; the limit program asks for none. */
  headers: Record<string, string>;
}

export async function startSite(host: Host, kind: 'Kuchikomi' | 'limit', readers: number): Promise<Site> {
  const { url: databaseUrl } = await host.database();
  const { id: publicationId, adminKey } = await makePublication(databaseUrl, host.folder);
  await populate(databaseUrl, publicationId, readers);
  const running =
    kind === 'Kuchikomi' ? await startService(databaseUrl, host.folder) : await startBare(databaseUrl, publicationId);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${adminKey}` };
  return { running, databaseUrl, publicationId, headers };
}

async function startBare(databaseUrl: string, publicationId: string): Promise<Running> {
  const { rows } = await withClient(databaseUrl, (client) => client.query<{ id: string }>('select id from programs'));
  return startProgram('limits/site', { DATABASE_URL: databaseUrl, PUBLICATION: publicationId, PROGRAM: rows[0]!.id });
}
