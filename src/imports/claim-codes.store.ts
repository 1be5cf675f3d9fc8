import { rows, type Tx } from '../platform/database.js';
import { idOf, IN_BATCH } from './import-sql.js';
import type { Batch } from './merge-readers.store.js';

/** Participants made by a batch that have no share code yet: theirs was taken, or the program is not the file's. */
export async function withoutCode(tx: Tx, batch: Batch, participantBase: string): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    `select p.id from participants p
     left join lateral (
       select 1 as found from share_codes where publication_id = p.publication_id and participant_id = p.id limit 1) c on true
     where p.publication_id = $1 and p.id > ${idOf('$4::text', '$2::int')} and p.id <= ${idOf('$4::text', '$3::int')} and c.found is null`,
    [batch.publicationId, batch.from, batch.to, participantBase],
  );
  return found.map(({ id }) => id);
}

/** Tries one code for each participant; those whose code is taken still have none. */
export async function claimCodes(
  tx: Tx,
  publicationId: string,
  claims: readonly { participantId: string; code: string }[],
): Promise<void> {
  await tx.query(
    `insert into share_codes (code, publication_id, participant_id)
     select code, $1, participant_id from unnest($2::text[], $3::uuid[]) claim(code, participant_id) on conflict (code) do nothing`,
    [publicationId, claims.map(({ code }) => code), claims.map(({ participantId }) => participantId)],
  );
}

/** Says of rows whose share code somebody took between the verdict and the claim that they got a new one. */
export async function sayCodeTaken(tx: Tx, batch: Batch, participantIds: readonly string[]): Promise<void> {
  await tx.query(
    `update import_rows r set verdict = 'code_taken', share_code = null,
       message = concat_ws('; ', r.message, 'the share code is taken: a new one is given')
     where ${IN_BATCH} and r.told_code is not null and r.share_code = r.told_code and r.row_no = any ($5::int[])`,
    [batch.publicationId, batch.importId, batch.from, batch.to, participantIds.map((id) => parseInt(id.slice(-8), 16))],
  );
}
