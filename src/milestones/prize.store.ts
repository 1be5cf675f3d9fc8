import { oneRow, type Tx } from '../platform/database.js';
import type { Grant } from './milestone.entities.js';

/**
 * Inserts the grant of a prize: of a contest or of a raffle. Null when the prize was given: the unique key of its occurrence decides,
 * whoever won it. Null for an erased person, too.
 */
export async function insertPrize(
  tx: Tx,
  publicationId: string,
  prize: Pick<
    Grant,
    | 'id'
    | 'contestId'
    | 'raffleId'
    | 'occurrence'
    | 'subscriberId'
    | 'rewardId'
    | 'count'
    | 'status'
    | 'season'
    | 'reachedAt'
    | 'reachedMonth'
    | 'dueAt'
    | 'createdAt'
  >,
): Promise<Grant | null> {
  return oneRow(
    tx,
    `insert into grants (publication_id, id, contest_id, raffle_id, occurrence, subscriber_id, reward_id, count, status, season,
       reached_at, reached_month, due_at, created_at)
     select publication_id, $2, $3, $4, $5, id, $7, $8, $9, $10, $11, $12, $13, $14 from subscribers
     where publication_id = $1 and id = $6 and status <> 'erased'
     on conflict do nothing returning *`,
    [
      publicationId, prize.id, prize.contestId, prize.raffleId, prize.occurrence, prize.subscriberId, prize.rewardId, prize.count,
      prize.status, prize.season, prize.reachedAt, prize.reachedMonth, prize.dueAt, prize.createdAt,
    ], // prettier-ignore
  );
}
