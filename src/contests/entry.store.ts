import { oneRow, rows, type Tx } from '../platform/database.js';
import type { Raffle, RaffleEntry, RaffleWinner } from './raffle.entities.js';

/** What brings an entry, and to whom. */
export interface EntryFound {
  /** Of the referral or the grant. */
  id: string;
  subscriberId: string;
  referralId: string | null;
}

const OF_REFERRALS = `
  select r.id, p.subscriber_id, r.id as referral_id, r.verified_at as at
  from referrals r join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
  where r.publication_id = $1 and r.program_id = $2 and r.state = 'verified' and r.verified_at >= $3 and r.verified_at < $4
    and $5::uuid is null`;

const OF_GRANTS = `
  select g.id, g.subscriber_id, g.referral_id, g.reached_at as at
  from grants g join milestones m on m.publication_id = g.publication_id and m.id = g.milestone_id
  where g.publication_id = $1 and m.program_id = $2 and g.reward_id = $5 and g.flagged_at is null
    and g.status in ('due', 'sent', 'fulfilled') and g.reached_at >= $3 and g.reached_at < $4`;

const ENTRIES = `
  select e.id, e.subscriber_id, e.referral_id, e.at from (${OF_REFERRALS} union all ${OF_GRANTS}) e
  join subscribers u on u.publication_id = $1 and u.id = e.subscriber_id and u.status <> 'erased'`;

/**
 * What brings an entry to a raffle as things are now, in the order in which it came: each verified referral of the period, or each grant
 * of the raffle's reward that stands. Erased readers have none.
 */
export async function entriesFound(tx: Tx, raffle: Raffle): Promise<EntryFound[]> {
  return rows(tx, `${ENTRIES} order by e.at, e.id`, parametersOf(raffle));
}

/** How many entries a raffle that is not drawn has so far, and how many of them are one person's. */
export async function countEntries(
  tx: Tx,
  raffle: Raffle,
  subscriberId: string,
): Promise<{ all: number; own: number }> {
  const row = await oneRow<{ all: number; own: number }>(
    tx,
    `select count(*)::int as all, (count(*) filter (where subscriber_id = $6))::int as own from (${ENTRIES}) found`,
    [...parametersOf(raffle), subscriberId],
  );
  return row ?? { all: 0, own: 0 };
}

function parametersOf({ publicationId, programId, startsAt, endsAt, entryRewardId }: Raffle): unknown[] {
  return [publicationId, programId, startsAt, endsAt, entryRewardId];
}

/** Keeps the list from which is drawn. */
export async function insertEntries(
  tx: Tx,
  { publicationId, id }: Raffle,
  entries: readonly Pick<RaffleEntry, 'entry' | 'person' | 'subscriberId' | 'referralId'>[],
): Promise<void> {
  await tx.query(
    `insert into raffle_entries (publication_id, raffle_id, position, entry, person, subscriber_id, referral_id)
     select $1, $2, e.position, e.entry, e.person, e.subscriber_id, e.referral_id
     from unnest($3::text[], $4::text[], $5::uuid[], $6::uuid[])
       with ordinality as e (entry, person, subscriber_id, referral_id, position)`,
    [
      publicationId, id, entries.map(({ entry }) => entry), entries.map(({ person }) => person),
      entries.map(({ subscriberId }) => subscriberId), entries.map(({ referralId }) => referralId),
    ], // prettier-ignore
  );
}

/** The list from which was drawn. */
export async function entriesOf(tx: Tx, { publicationId, id }: Raffle): Promise<RaffleEntry[]> {
  return rows(tx, `select * from raffle_entries where publication_id = $1 and raffle_id = $2 order by position`, [
    publicationId,
    id,
  ]);
}

export async function insertWinner(tx: Tx, winner: RaffleWinner): Promise<void> {
  await tx.query(
    `insert into raffle_winners (publication_id, raffle_id, number, position, grant_id) values ($1, $2, $3, $4, $5)`,
    [winner.publicationId, winner.raffleId, winner.number, winner.position, winner.grantId],
  );
}

/** An entry that won, and what. */
export interface WinnerRow extends RaffleWinner {
  entry: string;
  subscriberId: string;
  rewardId: string;
  rewardName: string;
  grantStatus: string;
  /** What the entry was for does not count any more. */
  flaggedAt: Date | null;
}

export async function winnersOf(tx: Tx, { publicationId, id }: Raffle): Promise<WinnerRow[]> {
  return rows(
    tx,
    `select n.*, e.entry, e.subscriber_id, w.id as reward_id, w.name as reward_name, g.status as grant_status, g.flagged_at
     from raffle_winners n
     join raffle_entries e on e.publication_id = n.publication_id and e.raffle_id = n.raffle_id and e.position = n.position
     join grants g on g.publication_id = n.publication_id and g.id = n.grant_id
     join rewards w on w.publication_id = g.publication_id and w.id = g.reward_id
     where n.publication_id = $1 and n.raffle_id = $2 order by n.number`,
    [publicationId, id],
  );
}
