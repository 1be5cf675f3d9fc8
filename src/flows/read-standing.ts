import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import type { Contest, ContestPrize } from '../contests/contest.entities.js';
import { closedRounds, findContest, prizesOfContests } from '../contests/contest.store.js';
import { resultsOf } from '../contests/standing.store.js';
import { Database } from '../platform/database.js';
import { type Ranked, rankingOf } from '../reports/ranking.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import { subscribersById } from '../subscribers/subscriber.store.js';
import { PLACES } from './close-contest.js';

/** Somebody's place, as it stands or as it was kept. */
export interface Place extends Ranked {
  rank: number;
  subscriber: Subscriber;
  prize: (ContestPrize & { rewardName: string }) | null;
  grantId: string | null;
  isFlagged: boolean;
}

interface Standing {
  contest: Contest;
  round: string;
  startsAt: Date;
  endsAt: Date;
  /** Null: it is not closed, and may change. */
  closedAt: Date | null;
  places: Place[];
  /** The rounds that were closed, newest first. */
  closed: string[];
}

/** Who is where in a round of a contest. */
@Injectable()
export class ReadStanding {
  constructor(private readonly database: Database) {}

  /** @param round null: the present one. Throws `request/not-found`. */
  async run(publicationId: string, id: string, round: string | null): Promise<Standing> {
    const tx = this.database.reader;
    const contest = await findContest(tx, publicationId, id);
    if (contest === null) throw new DomainError('request/not-found', 'There is no such contest');
    const rounds = await closedRounds(tx, publicationId, id);
    const wanted = round ?? contest.round;
    const kept = rounds.find((one) => one.round === wanted);
    if (kept === undefined && wanted !== contest.round) {
      throw new DomainError('request/not-found', 'The contest has no such round');
    }
    const found =
      kept === undefined
        ? (await rankingOf(tx, publicationId, contest, PLACES)).map((one, index) => ({
            ...one,
            ...{ rank: index + 1, grantId: null, isFlagged: false },
          }))
        : await resultsOf(tx, kept);
    const { startsAt, endsAt } = kept ?? contest;
    const places = await this.named(contest, found);
    const closed = rounds.map((one) => one.round);
    return { contest, round: wanted, startsAt, endsAt, closedAt: kept?.closedAt ?? null, places, closed };
  }

  private async named(
    { publicationId, id }: Contest,
    found: (Ranked & Pick<Place, 'rank' | 'grantId' | 'isFlagged'>)[],
  ): Promise<Place[]> {
    const tx = this.database.reader;
    const ids = found.map(({ subscriberId }) => subscriberId);
    const people = new Map((await subscribersById(tx, publicationId, ids)).map((person) => [person.id, person]));
    const prizes = new Map((await prizesOfContests(tx, publicationId, [id])).map((prize) => [prize.rank, prize]));
    return found.map((place) => ({
      ...place,
      subscriber: people.get(place.subscriberId)!,
      prize: prizes.get(place.rank) ?? null,
    }));
  }
}
