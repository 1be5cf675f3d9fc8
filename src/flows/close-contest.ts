import { Injectable } from '@nestjs/common';
import { CLOSES_AFTER_MS, roundAfter } from '../domain/contest.js';
import type { Contest, ContestResult } from '../contests/contest.entities.js';
import {
  beginRound,
  endContest,
  findContest,
  insertRound,
  lockContest,
  prizesOfContests,
} from '../contests/contest.store.js';
import { Database, type Tx } from '../platform/database.js';
import { getProgram, lockLadder } from '../publications/program.store.js';
import { getPublication } from '../publications/publication.store.js';
import { type Ranked, rankingOf } from '../reports/ranking.store.js';
import { holdPresent } from '../subscribers/subscriber.store.js';
import { GivePrize } from './give-prize.js';
import { RunOnce } from './run-once.js';
import { TellContest } from './tell-contest.js';

/** Places that are kept of a round; a prize is for one of them. */
export const PLACES = 100;

/**
 * Closes the round of a contest that is over: keeps who came where, grants the prizes, and begins the next month. However late that is,
 * what counted within the round decides, as it stands now.
 */
@Injectable()
export class CloseContest {
  constructor(
    private readonly database: Database,
    private readonly runOnce: RunOnce,
    private readonly givePrize: GivePrize,
    private readonly tellContest: TellContest,
  ) {}

  /** All rounds that are over: after a long silence they are several. */
  async run(contest: Contest, now: Date): Promise<void> {
    const { publicationId, id } = contest;
    for (let open: Contest | null = contest; open !== null && isOver(open, now);) {
      const { round }: Contest = open;
      const run = { publicationId, schedule: `contest:${id}`, runKey: round, ranAt: now };
      await this.runOnce.run(run, (tx) => this.close(tx, contest, round, now));
      const next = await findContest(this.database.reader, publicationId, id);
      open = next === null || next.round === round ? null : next;
    }
  }

  /** The ladder is held alone: whoever is verifying a referral of the round has committed, or does so in the next. */
  private async close(tx: Tx, { publicationId, id, programId }: Contest, round: string, now: Date): Promise<void> {
    await lockLadder(tx, publicationId, programId, 'alone');
    const contest = await lockContest(tx, publicationId, id);
    if (contest === null || contest.round !== round || contest.endedAt !== null) return;
    const places = await this.places(tx, contest);
    await insertRound(tx, contest, await this.results(tx, contest, places, now), now);
    if (contest.period === 'days') return endContest(tx, publicationId, id, now);
    const { timezone } = await getPublication(tx, publicationId);
    await beginRound(tx, contest, roundAfter({ key: round, endsAt: contest.endsAt }, timezone));
  }

  /** Of people who are there until this is committed: who is being erased at this moment moves nobody's prize into nothing. */
  private async places(tx: Tx, contest: Contest): Promise<Ranked[]> {
    for (;;) {
      const ranked = await rankingOf(tx, contest.publicationId, contest, PLACES);
      const people = ranked.map(({ subscriberId }) => subscriberId);
      const held = await holdPresent(tx, contest.publicationId, people);
      if (held.size === ranked.length) return ranked;
    }
  }

  private async results(tx: Tx, contest: Contest, places: readonly Ranked[], now: Date) {
    const { publicationId, id: contestId, approval, round } = contest;
    const program = await getProgram(tx, publicationId, contest.programId);
    const prizes = new Map((await prizesOfContests(tx, publicationId, [contestId])).map((p) => [p.rank, p.rewardId]));
    const results: Omit<ContestResult, 'publicationId' | 'contestId' | 'round'>[] = [];
    for (const [index, { subscriberId, count, reachedAt }] of places.entries()) {
      const rank = index + 1;
      const rewardId = prizes.get(rank);
      const won = { contestId, raffleId: null, occurrence: `${round}:${rank}`, subscriberId, count, approval };
      const grant =
        rewardId === undefined
          ? null
          : await this.givePrize.within(tx, program, { ...won, rewardId, wonAt: reachedAt }, now);
      results.push({ rank, subscriberId, count, reachedAt, grantId: grant?.id ?? null });
      await this.tellContest.result(
        tx,
        contest,
        { rank, subscriberId, count, hasPrize: grant !== null },
        places.length,
        now,
      );
    }
    return results;
  }
}

function isOver({ endsAt, endedAt }: Contest, now: Date): boolean {
  return endedAt === null && endsAt.getTime() + CLOSES_AFTER_MS <= now.getTime();
}
