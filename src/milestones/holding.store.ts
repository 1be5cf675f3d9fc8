import { COUNT_FELL, type Holding } from '../domain/grant-decision.js';
import { namingOf } from '../domain/milestones.js';
import { rows, type Tx } from '../platform/database.js';
import type { Milestone } from './milestone.entities.js';

/**
 * One at a time for each person and milestone, until the transaction ends: what they have is counted, and then added to. Taken in
 * one order. A lock of its own, since the people of a cap need not be those whose counts are locked.
 */
export async function lockHoldings(
  tx: Tx,
  publicationId: string,
  milestoneId: string,
  subscriberIds: readonly string[],
): Promise<void> {
  await tx.query(
    `select pg_advisory_xact_lock(hashtextextended('holding/' || $1 || '/' || $2 || '/' || id, 0))
     from (select distinct id from unnest($3::text[]) id order by id offset 0) people`,
    [publicationId, milestoneId, subscriberIds],
  );
}

/** What people have of a milestone, as far as the occurrences that they are to get hang on it; by subscriber. */
export async function holdingsOf(
  tx: Tx,
  milestone: Milestone,
  season: number,
  wanted: readonly { subscriberId: string; occurrence: string }[],
): Promise<Map<string, Holding>> {
  const people = [...new Set(wanted.map(({ subscriberId }) => subscriberId))];
  const grants = await namedGrants(tx, milestone, wanted);
  const rewarded = milestone.cap === null ? [] : await rewardedByMonth(tx, milestone, people);
  const earlier = milestone.version === 1 ? [] : await earlierGrants(tx, milestone, season, people);
  const holdings = new Map<string, Filling>(people.map((id) => [id, { grants: [], rewarded: [], earlier: 0 }]));
  for (const grant of grants) holdings.get(grant.subscriberId)?.grants.push(grant);
  for (const month of rewarded) holdings.get(month.subscriberId)?.rewarded.push(month);
  for (const { subscriberId, count } of earlier) holdings.get(subscriberId)!.earlier = count;
  return holdings;
}

type Filling = Holding & { grants: Holding['grants'][number][]; rewarded: Holding['rewarded'][number][] };

function namedGrants(
  tx: Tx,
  { publicationId, id }: Milestone,
  wanted: readonly { subscriberId: string; occurrence: string }[],
): Promise<(Holding['grants'][number] & { subscriberId: string })[]> {
  return rows(
    tx,
    `select g.id, g.subscriber_id, g.occurrence, g.status, g.reason, g.reached_month as month
     from unnest($3::uuid[], $4::text[]) w (subscriber_id, occurrence)
     join grants g on g.publication_id = $1 and g.milestone_id = $2 and g.subscriber_id = w.subscriber_id and g.occurrence = w.occurrence`,
    [publicationId, id, wanted.map(({ subscriberId }) => subscriberId), wanted.map(({ occurrence }) => occurrence)],
  );
}

/** A revoked grant frees its place under a cap, and a capped one never took one. */
function rewardedByMonth(
  tx: Tx,
  { publicationId, id }: Milestone,
  people: readonly string[],
): Promise<{ subscriberId: string; month: string; count: number }[]> {
  return rows(
    tx,
    `select subscriber_id, reached_month as month, count(*)::int as count from grants
     where publication_id = $1 and milestone_id = $2 and subscriber_id = any ($3::uuid[])
       and status not in ('revoked', 'capped') and reached_month is not null
     group by 1, 2`,
    [publicationId, id, people],
  );
}

/** Grants to the same side by names that the milestone does not give any more; see `decide`. */
function earlierGrants(
  tx: Tx,
  milestone: Milestone,
  season: number,
  people: readonly string[],
): Promise<{ subscriberId: string; count: number }[]> {
  return rows(
    tx,
    `select g.subscriber_id, count(*)::int as count
     from grants g
     join milestone_versions v
       on v.publication_id = g.publication_id and v.milestone_id = g.milestone_id and v.version = g.milestone_version
     where g.publication_id = $1 and g.milestone_id = $2 and g.subscriber_id = any ($3::uuid[]) and v.rule ->> 'recipient' = $4
       and (g.status <> 'revoked' or g.reason is distinct from $5)
       and $6 <> case when g.occurrence = 'once' then 'once' when g.occurrence like '%:%' then 'season' else 'each' end
       and ($6 = 'once' or g.season = $7)
     group by 1`,
    [milestone.publicationId, milestone.id, people, milestone.recipient, COUNT_FELL, namingOf(milestone), season],
  );
}

/** Which of these milestones, that are given once, people had in a season before this one; by subscriber. */
export async function hadOnce(
  tx: Tx,
  publicationId: string,
  milestoneIds: readonly string[],
  subscriberIds: readonly string[],
  season: number,
): Promise<Map<string, Set<string>>> {
  const found = await rows<{ subscriberId: string; milestoneId: string }>(
    tx,
    `select distinct subscriber_id, milestone_id from grants
     where publication_id = $1 and milestone_id = any ($2::uuid[]) and subscriber_id = any ($3::uuid[]) and season < $4
       and (status <> 'revoked' or reason is distinct from $5)`,
    [publicationId, milestoneIds, subscriberIds, season, COUNT_FELL],
  );
  const had = new Map<string, Set<string>>();
  for (const { subscriberId, milestoneId } of found) {
    had.set(subscriberId, (had.get(subscriberId) ?? new Set()).add(milestoneId));
  }
  return had;
}
