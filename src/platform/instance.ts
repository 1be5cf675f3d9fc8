import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { fingerprint, type Secrets } from './secrets.js';
import { StartError } from './start-error.js';

/** Any fixed number does. */
const SERVICE_LOCK = 7_246_062;

/**
 * One service an embedded installation: the lock lives as long as its connection, so a killed service leaves none behind.
 * Throws StartError when another service has it.
 */
export async function takeServiceLock(dataSource: DataSource, dataDir: string): Promise<void> {
  const holder = dataSource.createQueryRunner();
  await holder.connect();
  const [row] = (await holder.query('select pg_try_advisory_lock($1) as taken', [SERVICE_LOCK])) as {
    taken: boolean;
  }[];
  if (row?.taken === true) return; // the connection is kept, and the lock with it
  await holder.release();
  throw new StartError(
    `Kuchikomi already runs with this DATA_DIR (${dataDir})${whereItRuns(dataDir)}. Nothing was changed.`,
  );
}

function whereItRuns(dataDir: string): string {
  try {
    const { url, pid } = JSON.parse(readFileSync(path.join(dataDir, 'service.json'), 'utf8')) as {
      url: string;
      pid: number;
    };
    return ` at ${url} (pid ${pid})`;
  } catch {
    return '';
  }
}

/**
 * Refuses to start with another secret key than the database was used with: every link in every mail would silently be dead.
 * With SECRET_KEY_PREVIOUS the change is meant, and the new key is remembered.
 */
export async function checkSecretKey(dataSource: DataSource, secrets: Secrets): Promise<void> {
  const [current, previous] = secrets.secretKeys.map(fingerprint);
  const rows = await dataSource.query<{ value: string }[]>(
    `insert into instance_settings (name, value) values ('secret_key_fingerprint', $1) on conflict (name) do update set value = instance_settings.value returning value`,
    [current],
  );
  const known = rows[0]?.value;
  if (known === current) return;
  if (previous === undefined || known !== previous) {
    throw new StartError(
      'SECRET_KEY is not the key that this database was used with; links in mails that were sent would stop working.\n' +
        'To change it, set SECRET_KEY to the new key and SECRET_KEY_PREVIOUS to the old one. Otherwise set the old one again.',
    );
  }
  await dataSource.query(`update instance_settings set value = $1 where name = 'secret_key_fingerprint'`, [current]);
}
