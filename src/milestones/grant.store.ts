import type { GrantStatus } from '../domain/grants.js';
import type { Money } from '../domain/money.js';
import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { Grant, type MilestoneBody } from './milestone.entities.js';

/**
 * Inserts a grant. Null when the person has it for this occurrence: the unique key decides, whoever else tries at the same moment.
 * Null for an erased person, too: nothing could ever be sent.
 */
export async function insertGrant(
  tx: Tx,
  publicationId: string,
  grant: Pick<
    Grant,
    | 'id'
    | 'milestoneId'
    | 'rewardId'
    | 'subscriberId'
    | 'occurrence'
    | 'referralId'
    | 'count'
    | 'status'
    | 'dueAt'
    | 'createdAt'
    | 'milestoneVersion'
    | 'season'
    | 'reachedAt'
    | 'reachedMonth'
  >,
): Promise<Grant | null> {
  return oneRow(
    tx,
    `insert into grants (publication_id, id, milestone_id, subscriber_id, occurrence, reward_id, referral_id, count, status, due_at, created_at,
       milestone_version, season, reached_at, reached_month)
     select publication_id, $2, $3, id, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15 from subscribers
     where publication_id = $1 and id = $4 and status <> 'erased'
     on conflict (publication_id, milestone_id, subscriber_id, occurrence) do nothing returning *`,
    [
      publicationId, grant.id, grant.milestoneId, grant.subscriberId, grant.occurrence, grant.rewardId, grant.referralId, grant.count,
      grant.status, grant.dueAt, grant.createdAt, grant.milestoneVersion, grant.season, grant.reachedAt, grant.reachedMonth,
    ], // prettier-ignore
  );
}

/**
 * Notes grants of the past that somebody else gave: handed over already, so that nothing is due, no mail goes out and no coupon
 * is taken, and never granted again. Nobody knows when they were given, so they take no place under a cap. Those that are
 * there stay as they are.
 */
export async function recordPastGrants(
  tx: Tx,
  publicationId: string,
  grants: readonly Pick<
    Grant,
    'id' | 'milestoneId' | 'rewardId' | 'subscriberId' | 'occurrence' | 'referralId' | 'count' | 'milestoneVersion'
  >[],
  { reason, season }: { reason: string; season: number },
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into grants (publication_id, id, milestone_id, subscriber_id, occurrence, reward_id, referral_id, count, milestone_version,
       status, reason, due_at, created_at, reached_at, season)
     select $1, g.*, 'fulfilled', $10, $11, $11, $11, $12
     from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::int[], $9::int[]) g (id, milestone, person)
     where exists (select 1 from subscribers s where s.publication_id = $1 and s.id = g.person and s.status <> 'erased')
     on conflict (publication_id, milestone_id, subscriber_id, occurrence) do nothing`,
    [
      publicationId, grants.map(({ id }) => id), grants.map(({ milestoneId }) => milestoneId), grants.map(({ subscriberId }) => subscriberId),
      grants.map(({ occurrence }) => occurrence), grants.map(({ rewardId }) => rewardId), grants.map(({ referralId }) => referralId),
      grants.map(({ count }) => count), grants.map(({ milestoneVersion }) => milestoneVersion), reason, now, season,
    ], // prettier-ignore
  );
}

export async function lockGrant(tx: Tx, publicationId: string, id: string): Promise<Grant | null> {
  return oneRow(tx, `select * from grants where publication_id = $1 and id = $2 for no key update`, [
    publicationId,
    id,
  ]);
}

/** A rule as far as it says what a grant stands on. */
type Standing = Pick<MilestoneBody, 'stage' | 'threshold' | 'every' | 'recipient'>;

/** A grant with the rule that it was given by, and the one of today. */
type GrantUnderRules = Grant & { givenBy: Standing; today: Standing };

/**
 * What a count at a stage stands behind: grants of its referrer, and of the friend whose referral moved it, that are neither taken back
 * nor capped. Locked in one order until the transaction ends.
 */
export async function lockGrantsOnCount(
  tx: Tx,
  { publicationId, id: programId }: { publicationId: string; id: string },
  stage: string,
  referrerId: string,
  referral: { id: string; referredId: string | null } | null,
): Promise<GrantUnderRules[]> {
  return rows(
    tx,
    `select g.*, v.rule as given_by,
       jsonb_build_object('stage', m.stage, 'threshold', m.threshold, 'every', m.every, 'recipient', m.recipient) as today
     from grants g
     join milestones m on m.publication_id = g.publication_id and m.id = g.milestone_id
     join milestone_versions v
       on v.publication_id = g.publication_id and v.milestone_id = g.milestone_id and v.version = g.milestone_version
     where g.publication_id = $1 and m.program_id = $2 and $3 in (m.stage, v.rule ->> 'stage')
       and g.subscriber_id = any (array[$4, $5]::uuid[]) and g.status not in ('revoked', 'capped')
       and case v.rule ->> 'recipient' when 'referrer' then g.subscriber_id = $4::uuid
         else g.subscriber_id = $5::uuid and g.occurrence = $6 end
     order by g.id for no key update of g`,
    [publicationId, programId, stage, referrerId, referral?.referredId ?? null, referral?.id ?? null],
  );
}

/** Marks a grant that was sent for something that is not there any more. */
export async function flagGrant(tx: Tx, publicationId: string, id: string, now: Date): Promise<void> {
  await tx.getRepository(Grant).update({ publicationId, id }, { flaggedAt: now });
}

/** What a grant was sent for is there again. */
export async function unflagGrant(
  tx: Tx,
  publicationId: string,
  milestoneId: string,
  subscriberId: string,
  occurrence: string,
): Promise<void> {
  await tx.query(
    `update grants set flagged_at = null
     where publication_id = $1 and milestone_id = $2 and subscriber_id = $3 and occurrence = $4 and flagged_at is not null`,
    [publicationId, milestoneId, subscriberId, occurrence],
  );
}

/** Locks the grants for a referral that wait because nobody could tell what they are worth, and for nothing else. */
export async function lockGrantsOfUnknownWorth(tx: Tx, publicationId: string, referralId: string): Promise<Grant[]> {
  return rows(
    tx,
    `select g.* from grants g join milestones m on m.publication_id = g.publication_id and m.id = g.milestone_id
     where g.publication_id = $1 and g.referral_id = $2 and g.status = 'awaiting_approval' and g.reason = 'value_unknown'
       and m.approval = 'automated'
     order by g.id for no key update of g`,
    [publicationId, referralId],
  );
}

export async function updateGrant(tx: Tx, publicationId: string, id: string, changes: Partial<Grant>): Promise<void> {
  await tx.getRepository(Grant).update({ publicationId, id }, changes);
}

/**
 * Locks the oldest grants that are due and whose person may get mail, over all publications: the schedule serves everybody.
 * Those that another process is releasing are skipped.
 * @param only one publication; null for all
 */
export async function lockDueGrants(tx: Tx, now: Date, limit: number, only: string | null): Promise<Grant[]> {
  return rows(
    tx,
    `select g.* from grants g join subscribers s on s.publication_id = g.publication_id and s.id = g.subscriber_id
     where g.status = 'due' and g.due_at <= $1 and s.status = 'active' and ($3::uuid is null or g.publication_id = $3)
     order by g.due_at limit $2 for no key update of g skip locked`,
    [now, limit, only],
  );
}

/** How many lockDueGrants would find, were nobody at work on them: what another process releases counts until it has committed. */
export async function countDueGrants(tx: Tx, now: Date): Promise<number> {
  const row = await oneRow<{ count: number }>(
    tx,
    `select count(*)::int as count from grants g
     join subscribers s on s.publication_id = g.publication_id and s.id = g.subscriber_id
     where g.status = 'due' and g.due_at <= $1 and s.status = 'active'`,
    [now],
  );
  return row?.count ?? 0;
}

/**
 * Locks the grants that wait for a code of this reward, oldest first; those that are worth so much, or all. One that somebody else
 * holds is waited for: skipped, it would lose its place. The caller holds the reward, so that two cannot each take half of the line.
 */
export async function lockGrantsWithoutStock(
  tx: Tx,
  publicationId: string,
  rewardId: string,
  worth: Money | null,
  limit: number,
): Promise<Grant[]> {
  return rows(
    tx,
    `select * from grants where publication_id = $1 and reward_id = $2 and status = 'out_of_stock'
       and ($4::bigint is null or (value_amount = $4 and value_currency = $5))
     order by created_at, id limit $3 for no key update`,
    [publicationId, rewardId, limit, worth?.amount ?? null, worth?.currency ?? null],
  );
}

/** Whether somebody waits for a code of this reward, of such a worth or any. */
export async function isWaitedFor(
  tx: Tx,
  publicationId: string,
  rewardId: string,
  worth: Money | null,
): Promise<boolean> {
  const waiting = await rows(
    tx,
    `select 1 from grants where publication_id = $1 and reward_id = $2 and status = 'out_of_stock'
       and ($3::bigint is null or (value_amount = $3 and value_currency = $4)) limit 1`,
    [publicationId, rewardId, worth?.amount ?? null, worth?.currency ?? null],
  );
  return waiting.length > 0;
}

/** What the grants that wait for a code of this reward are worth, each once. */
export async function valuesWithoutStock(tx: Tx, publicationId: string, rewardId: string): Promise<Money[]> {
  return rows(
    tx,
    `select distinct value_amount::float8 as amount, value_currency as currency from grants
     where publication_id = $1 and reward_id = $2 and status = 'out_of_stock' and value_currency is not null`,
    [publicationId, rewardId],
  );
}

/** Rewards of all publications for which grants wait although codes are free, as after a transaction that gave one back. */
export async function rewardsWithStockAndWaiting(tx: Tx): Promise<{ publicationId: string; rewardId: string }[]> {
  return rows(
    tx,
    `select distinct g.publication_id, g.reward_id from grants g
     join rewards w on w.publication_id = g.publication_id and w.id = g.reward_id
     where g.status = 'out_of_stock' and exists (
       select 1 from coupon_codes c where c.publication_id = g.publication_id and c.reward_id = g.reward_id and c.grant_id is null
         and (w.kind <> 'gift_card' or (c.value_amount = g.value_amount and c.value_currency = g.value_currency)))`,
  );
}

/** A grant with the names that people know it by. */
export interface GrantRow extends Grant {
  /** Of what it is for; the two others are null. */
  milestoneName: string | null;
  contestName: string | null;
  raffleName: string | null;
  rewardName: string;
  rewardKind: string;
  /** Null of an erased reader. */
  email: string | null;
  firstName: string | null;
}

/** What a grant is worth; null before it is owed, and of kinds that are worth no money. */
export function valueOfGrant({
  valueAmount,
  valueCurrency,
}: Pick<Grant, 'valueAmount' | 'valueCurrency'>): Money | null {
  return valueCurrency === null ? null : { amount: Number(valueAmount), currency: valueCurrency };
}

/** Grants `g` with the names of what they are for, their reward `w` and their person `s`. */
export const WITH_NAMES = `
  select g.*, m.name as milestone_name, c.name as contest_name, f.name as raffle_name, w.name as reward_name, w.kind as reward_kind, s.email, s.first_name
  from grants g
  left join milestones m on m.publication_id = g.publication_id and m.id = g.milestone_id
  left join contests c on c.publication_id = g.publication_id and c.id = g.contest_id
  left join raffles f on f.publication_id = g.publication_id and f.id = g.raffle_id
  join rewards w on w.publication_id = g.publication_id and w.id = g.reward_id
  join subscribers s on s.publication_id = g.publication_id and s.id = g.subscriber_id`;

export async function listGrants(
  tx: Tx,
  publicationId: string,
  filter: { status: GrantStatus | null; subscriberId: string | null },
  page: PageRequest,
): Promise<GrantRow[]> {
  return rows(
    tx,
    `${WITH_NAMES} where g.publication_id = $1 and ($2::text is null or g.status = $2) and ($3::uuid is null or g.subscriber_id = $3)
       and ($4::uuid is null or g.id < $4) order by g.id desc limit $5`,
    [publicationId, filter.status, filter.subscriberId, page.after, page.limit + 1],
  );
}

export async function findGrant(tx: Tx, publicationId: string, id: string): Promise<GrantRow | null> {
  return oneRow(tx, `${WITH_NAMES} where g.publication_id = $1 and g.id = $2`, [publicationId, id]);
}

/** As findGrant. Keeps the person as they are until the transaction ends: an erasure then finds what is written down of them. */
export async function holdGrant(tx: Tx, publicationId: string, id: string): Promise<GrantRow | null> {
  return oneRow(tx, `${WITH_NAMES} where g.publication_id = $1 and g.id = $2 for key share of s`, [publicationId, id]);
}

/** What a grant is for, as it is told: one of the three. */
export function purposeOf(
  row: GrantRow,
): Record<'milestone' | 'contest' | 'raffle', { id: string; name: string } | null> {
  const named = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? '' });
  return {
    milestone: named(row.milestoneId, row.milestoneName),
    contest: named(row.contestId, row.contestName),
    raffle: named(row.raffleId, row.raffleName),
  };
}

/** A grant with its reward and the code that it carries. */
export interface GrantWithCode extends Grant {
  couponCode: string | null;
  rewardName: string;
  /** Of the milestone, contest or raffle that it is from. */
  programId: string;
}

/** The grants of a person, oldest first. */
export async function grantsOf(tx: Tx, publicationId: string, subscriberId: string): Promise<GrantWithCode[]> {
  return rows(
    tx,
    `select g.*, w.name as reward_name, c.code as coupon_code,
       coalesce(m.program_id, k.program_id, f.program_id) as program_id
     from grants g
     join rewards w on w.publication_id = g.publication_id and w.id = g.reward_id
     left join milestones m on m.publication_id = g.publication_id and m.id = g.milestone_id
     left join contests k on k.publication_id = g.publication_id and k.id = g.contest_id
     left join raffles f on f.publication_id = g.publication_id and f.id = g.raffle_id
     left join coupon_codes c on c.publication_id = g.publication_id and c.grant_id = g.id
     where g.publication_id = $1 and g.subscriber_id = $2 order by g.id`,
    [publicationId, subscriberId],
  );
}

/** Which of these referrals have brought a person a reward that was not taken back, whatever has become of it. */
export async function referralsWithGrant(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
  referralIds: readonly string[],
): Promise<string[]> {
  const found = await rows<{ referralId: string }>(
    tx,
    `select distinct referral_id from grants
     where publication_id = $1 and subscriber_id = $2 and referral_id = any ($3::uuid[]) and status not in ('revoked', 'capped')`,
    [publicationId, subscriberId, referralIds],
  );
  return found.map(({ referralId }) => referralId);
}
