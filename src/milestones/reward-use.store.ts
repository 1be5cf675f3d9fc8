import { rows, type Tx } from '../platform/database.js';
import type { Reward } from './reward.entities.js';

/** A reward with what is done with it. */
export interface UsedReward extends Pick<Reward, 'id' | 'name' | 'kind' | 'code' | 'terms'> {
  /** Grants that were not revoked and not above a cap. */
  granted: number;
  /** Codes of its pool. */
  codes: number;
  freeCodes: number;
  /** Names of the milestones in force that give it. */
  usedBy: string[];
}

/** All rewards of a publication, newest first; it has a handful, at most 500 are told. */
export async function listUsedRewards(tx: Tx, publicationId: string): Promise<UsedReward[]> {
  return rows(
    tx,
    `with given as (
       select reward_id, count(*)::int as granted from grants
       where publication_id = $1 and status not in ('revoked', 'capped') group by reward_id
     ), pools as (
       select reward_id, count(*)::int as codes, (count(*) filter (where grant_id is null))::int as free_codes
       from coupon_codes where publication_id = $1 group by reward_id
     ), uses as (
       select reward_id, array_agg(name order by name) as used_by from milestones
       where publication_id = $1 and archived_at is null group by reward_id
     )
     select w.id, w.name, w.kind, w.code, w.terms, coalesce(granted, 0) as granted, coalesce(codes, 0) as codes,
       coalesce(free_codes, 0) as free_codes, coalesce(used_by, '{}') as used_by
     from rewards w
     left join given on given.reward_id = w.id left join pools on pools.reward_id = w.id left join uses on uses.reward_id = w.id
     where w.publication_id = $1 order by w.id desc limit 500`,
    [publicationId],
  );
}
