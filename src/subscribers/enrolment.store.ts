import { rows, type Tx } from '../platform/database.js';

/** Ids of the next readers after one, in the order of their ids; none who was erased. */
export async function readersAfter(tx: Tx, publicationId: string, after: string, limit: number): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    `select id from subscribers where publication_id = $1 and id > $2 and status <> 'erased' order by id limit $3`,
    [publicationId, after, limit],
  );
  return found.map(({ id }) => id);
}

/**
 * Makes readers participants who are none, and takes in those who wait: whoever staff rejected stays out. Answers the
 * participants who take part from now on and have no share code yet.
 */
export async function takeIn(
  tx: Tx,
  publicationId: string,
  programId: string,
  readers: readonly { participantId: string; subscriberId: string }[],
  now: Date,
): Promise<string[]> {
  const taken = await rows<{ id: string }>(
    tx,
    `insert into participants as p (publication_id, id, program_id, subscriber_id, created_at)
     select $1, participant_id, $2, subscriber_id, $5 from unnest($3::uuid[], $4::uuid[]) r (participant_id, subscriber_id) order by subscriber_id
     on conflict (publication_id, program_id, subscriber_id) do update set status = 'active'
       where p.status in ('invited', 'applied')
     returning id`,
    [publicationId, programId, readers.map((r) => r.participantId), readers.map((r) => r.subscriberId), now],
  );
  return taken.map(({ id }) => id);
}

/** Tries one code for each participant; answers those whose code was free. */
export async function claimShareCodes(
  tx: Tx,
  publicationId: string,
  claims: readonly { participantId: string; code: string }[],
): Promise<string[]> {
  const claimed = await rows<{ participantId: string }>(
    tx,
    `insert into share_codes (code, publication_id, participant_id)
     select code, $1, participant_id from unnest($2::text[], $3::uuid[]) claim (code, participant_id)
     on conflict (code) do nothing returning participant_id`,
    [publicationId, claims.map(({ code }) => code), claims.map(({ participantId }) => participantId)],
  );
  return claimed.map(({ participantId }) => participantId);
}
