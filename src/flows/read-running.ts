import { Injectable } from '@nestjs/common';
import type { Contest } from '../contests/contest.entities.js';
import { runningContests } from '../contests/contest.store.js';
import { countEntries } from '../contests/entry.store.js';
import type { Raffle } from '../contests/raffle.entities.js';
import { runningRaffles } from '../contests/raffle.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import type { Program } from '../publications/publication.entities.js';
import { rankingOf } from '../reports/ranking.store.js';
import { PLACES } from './close-contest.js';

/** The contests and raffles of a program that are on, as one reader stands in them. */
export interface Running {
  contests: {
    contest: Contest;
    /** Null of who has none yet, or is not among the first. */
    rank: number | null;
    count: number;
    /** Of the first place. */
    most: number;
  }[];
  raffles: { raffle: Raffle; own: number; all: number }[];
}

/** What a reader can win at present. A program without contests and raffles costs two looks at an index. */
@Injectable()
export class ReadRunning {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async run({ publicationId, id: programId }: Program, subscriberId: string): Promise<Running> {
    const tx = this.database.reader;
    const now = this.clock.now();
    const contests: Running['contests'] = [];
    for (const contest of await runningContests(tx, publicationId, programId, now)) {
      const ranked = await rankingOf(tx, publicationId, contest, PLACES);
      const index = ranked.findIndex((one) => one.subscriberId === subscriberId);
      const rank = index < 0 ? null : index + 1;
      contests.push({ contest, rank, count: ranked[index]?.count ?? 0, most: ranked[0]?.count ?? 0 });
    }
    const raffles: Running['raffles'] = [];
    for (const raffle of await runningRaffles(tx, publicationId, programId, now)) {
      raffles.push({ raffle, ...(await countEntries(tx, raffle, subscriberId)) });
    }
    return { contests, raffles };
  }
}
