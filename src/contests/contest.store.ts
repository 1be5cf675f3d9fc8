import type { Round } from '../domain/contest.js';
import { oneRow, rows, type Tx } from '../platform/database.js';
import { Contest, ContestPrize, ContestResult, ContestRound } from './contest.entities.js';

export async function insertContest(
  tx: Tx,
  contest: Contest,
  prizes: readonly Pick<ContestPrize, 'rank' | 'rewardId'>[],
): Promise<void> {
  await tx.getRepository(Contest).insert(contest);
  const { publicationId, id: contestId } = contest;
  await tx.getRepository(ContestPrize).insert(prizes.map((prize) => ({ publicationId, contestId, ...prize })));
}

export async function findContest(tx: Tx, publicationId: string, id: string): Promise<Contest | null> {
  return tx.getRepository(Contest).findOneBy({ publicationId, id });
}

/** A contest as it is, until the transaction ends. */
export async function lockContest(tx: Tx, publicationId: string, id: string): Promise<Contest | null> {
  return oneRow(tx, `select * from contests where publication_id = $1 and id = $2 for no key update`, [
    publicationId,
    id,
  ]);
}

/** The contests of a program, newest first; a program has a handful. */
export async function listContests(tx: Tx, publicationId: string, programId: string): Promise<Contest[]> {
  return rows(tx, `select * from contests where publication_id = $1 and program_id = $2 order by id desc limit 1000`, [
    publicationId,
    programId,
  ]);
}

/** The contests of a program whose round is on at a moment. */
export async function runningContests(tx: Tx, publicationId: string, programId: string, now: Date): Promise<Contest[]> {
  return rows(
    tx,
    `select * from contests where publication_id = $1 and program_id = $2 and ended_at is null and starts_at <= $3 and ends_at > $3
     order by ends_at, id limit 20`,
    [publicationId, programId, now],
  );
}

/** The contests whose round ended before a moment, over all publications: the schedule serves everybody. */
export async function contestsToClose(tx: Tx, before: Date): Promise<Contest[]> {
  return rows(tx, `select * from contests where ended_at is null and ends_at <= $1 order by ends_at, id limit 1000`, [
    before,
  ]);
}

/** The prizes of these contests, best first. */
export async function prizesOfContests(
  tx: Tx,
  publicationId: string,
  contestIds: readonly string[],
): Promise<(ContestPrize & { rewardName: string })[]> {
  return rows(
    tx,
    `select z.*, w.name as reward_name from contest_prizes z
     join rewards w on w.publication_id = z.publication_id and w.id = z.reward_id
     where z.publication_id = $1 and z.contest_id = any ($2::uuid[]) order by z.contest_id, z.rank`,
    [publicationId, contestIds],
  );
}

/** Goes on with another round. */
export async function beginRound(tx: Tx, { publicationId, id }: Contest, round: Round): Promise<void> {
  const { key, startsAt, endsAt } = round;
  await tx.getRepository(Contest).update({ publicationId, id }, { round: key, startsAt, endsAt });
}

export async function endContest(tx: Tx, publicationId: string, id: string, now: Date): Promise<void> {
  await tx.getRepository(Contest).update({ publicationId, id }, { endedAt: now });
}

/** Keeps a round that is over, with who came where. */
export async function insertRound(
  tx: Tx,
  { publicationId, id: contestId, round, startsAt, endsAt }: Contest,
  results: readonly Omit<ContestResult, 'publicationId' | 'contestId' | 'round'>[],
  closedAt: Date,
): Promise<void> {
  const key = { publicationId, contestId, round };
  await tx.getRepository(ContestRound).insert({ ...key, startsAt, endsAt, closedAt });
  if (results.length === 0) return;
  await tx.getRepository(ContestResult).insert(results.map((result) => ({ ...key, ...result })));
}

/** The rounds of a contest that were closed, newest first. */
export async function closedRounds(tx: Tx, publicationId: string, contestId: string): Promise<ContestRound[]> {
  return rows(
    tx,
    `select * from contest_rounds where publication_id = $1 and contest_id = $2 order by ends_at desc limit 1000`,
    [publicationId, contestId],
  );
}
