import { type ProgramMailSettings, weekBefore } from '../domain/program-mails.js';
import { oneRow, rows, type Tx } from '../platform/database.js';

interface ReaderPace {
  settings: ProgramMailSettings;
  /** What the publication's systems told of the reader. */
  readerZone: string | null;
  publicationZone: string;
  postalAddress: string | null;
}

/** Two mails to one reader that are about to be sent at the same moment: the second sees the first. */
export async function lockPace(tx: Tx, publicationId: string, subscriberId: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`pace/${publicationId}/${subscriberId}`]);
}

export async function readPace(tx: Tx, publicationId: string, subscriberId: string): Promise<ReaderPace | null> {
  return oneRow(
    tx,
    `select p.program_mails as settings, s.attributes ->> 'timezone' as reader_zone, p.timezone as publication_zone, p.postal_address
     from subscribers s join publications p on p.id = s.publication_id
     where s.publication_id = $1 and s.id = $2`,
    [publicationId, subscriberId],
  );
}

/** When mails about sharing went to a reader in the last seven days, oldest first. */
export async function releasedBefore(tx: Tx, publicationId: string, subscriberId: string, now: Date): Promise<Date[]> {
  const found = await rows<{ releasedAt: Date }>(
    tx,
    `select released_at from mails where publication_id = $1 and subscriber_id = $2 and released_at > $3 order by released_at`,
    [publicationId, subscriberId, weekBefore(now)],
  );
  return found.map(({ releasedAt }) => releasedAt);
}

/** A mail about sharing has got its turn. It keeps it, and says the same, however often it is tried. */
export async function markReleased(tx: Tx, publicationId: string, id: string, data: object, now: Date): Promise<void> {
  await tx.query(
    `update mails set released_at = $3, data = $4 where publication_id = $1 and id = $2 and state = 'waiting'`,
    [publicationId, id, now, data],
  );
}
