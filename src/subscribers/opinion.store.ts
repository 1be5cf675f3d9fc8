import { rows, type Tx } from '../platform/database.js';

/** Keeps an answer to the NPS question, unless a later one is known. */
export async function recordScore(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
  score: number,
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into opinions as o (publication_id, subscriber_id, nps_score, nps_at) values ($1, $2, $3, $4)
     on conflict (publication_id, subscriber_id) do update set nps_score = excluded.nps_score, nps_at = excluded.nps_at
       where o.nps_at is null or (o.nps_at, o.nps_score) < (excluded.nps_at, excluded.nps_score)`,
    [publicationId, subscriberId, score, at],
  );
}

/** Keeps when a reader first wrote a public review. True when none was known before. */
export async function recordReview(tx: Tx, publicationId: string, subscriberId: string, at: Date): Promise<boolean> {
  const first = await rows(
    tx,
    `insert into opinions (publication_id, subscriber_id, reviewed_at) values ($1, $2, $3)
     on conflict (publication_id, subscriber_id) do update set reviewed_at = excluded.reviewed_at
       where opinions.reviewed_at is null returning subscriber_id`,
    [publicationId, subscriberId, at],
  );
  if (first.length > 0) return true;
  await tx.query(
    `update opinions set reviewed_at = $3 where publication_id = $1 and subscriber_id = $2 and reviewed_at > $3`,
    [publicationId, subscriberId, at],
  );
  return false;
}

/** The next who take part in a program, and so have a code, and wrote a review, by their ids, and when they first did. */
export async function reviewersOf(
  tx: Tx,
  program: { publicationId: string; id: string },
  page: { after: string | null; limit: number },
): Promise<{ participantId: string; subscriberId: string; reachedAt: Date }[]> {
  return rows(
    tx,
    `select p.id participant_id, p.subscriber_id, o.reviewed_at reached_at
     from opinions o join participants p on p.publication_id = o.publication_id and p.subscriber_id = o.subscriber_id
     join share_codes c on c.publication_id = p.publication_id and c.participant_id = p.id
     where o.publication_id = $1 and p.program_id = $2 and o.reviewed_at is not null and ($3::uuid is null or p.id > $3)
     order by p.id limit $4`,
    [program.publicationId, program.id, page.after, page.limit],
  );
}

/** Empties what an erased reader thought. */
export async function forgetOpinions(tx: Tx, publicationId: string, subscriberId: string): Promise<void> {
  await tx.query(`delete from opinions where publication_id = $1 and subscriber_id = $2`, [
    publicationId,
    subscriberId,
  ]);
}
