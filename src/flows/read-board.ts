import { Injectable } from '@nestjs/common';
import { monthRound } from '../domain/contest.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import type { Publication } from '../publications/publication.entities.js';
import { type Ranked, rankingOf } from '../reports/ranking.store.js';
import { type PresentSubscriber, subscribersById } from '../subscribers/subscriber.store.js';
import { PLACES } from './close-contest.js';
import type { OwnPrograms } from './own-programs.js';
import { OwnSettings } from './own-settings.js';

/** How many are shown to everybody. */
const SHOWN = 10;

export interface BoardPlace {
  place: number;
  count: number;
  isOwn: boolean;
  /** null of who has not chosen one: then nothing tells who it is. */
  name: string | null;
}

export interface Board {
  subscriber: PresentSubscriber;
  own: OwnPrograms;
  startsAt: Date;
  /** The first ten of the present month, and behind them the reader's own place among the first hundred. */
  places: BoardPlace[];
}

/** Who brings most friends to a program this month, as readers may see it. */
@Injectable()
export class ReadBoard {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: OwnSettings,
  ) {}

  /** Null for a reader who is gone, who takes part in nothing, or whose program shows no board. */
  async run({ id, timezone }: Publication, subscriberId: string, programSlug: string | null): Promise<Board | null> {
    const found = await this.settings.read(id, subscriberId, programSlug);
    if (found?.own?.program.showsBoard !== true) return null;
    const { subscriber, own } = found;
    const { startsAt, endsAt } = monthRound(this.clock.now(), timezone);
    const ranking = { programId: own.program.id, stage: 'verified', startsAt, endsAt };
    const ranked = await rankingOf(this.database.reader, id, ranking, PLACES);
    const shown = ranked
      .map((one, index) => ({ ...one, place: index + 1 }))
      .filter(({ place, subscriberId: whose }) => place <= SHOWN || whose === subscriberId);
    return { subscriber, own, startsAt, places: await this.named(id, shown, subscriberId) };
  }

  private async named(publicationId: string, shown: readonly (Ranked & { place: number })[], readerId: string) {
    const ids = shown.map(({ subscriberId }) => subscriberId);
    const people = await subscribersById(this.database.reader, publicationId, ids);
    const names = new Map(people.map(({ id, boardName }) => [id, boardName]));
    return shown.map(({ place, count, subscriberId }) => ({
      place,
      count,
      isOwn: subscriberId === readerId,
      name: names.get(subscriberId) ?? null,
    }));
  }
}
