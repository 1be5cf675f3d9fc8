import { Injectable } from '@nestjs/common';
import { listOfEntries } from '../domain/raffle.js';
import { entriesOf, type WinnerRow, winnersOf } from '../contests/entry.store.js';
import type { Raffle, RafflePrize } from '../contests/raffle.entities.js';
import { findRaffle, findShownRaffle, prizesOfRaffles } from '../contests/raffle.store.js';
import { Database } from '../platform/database.js';

export interface ShownRaffle {
  raffle: Raffle;
  prizes: (RafflePrize & { rewardName: string })[];
  /** Empty before the draw. */
  winners: WinnerRow[];
}

/** Reads a raffle, for its publication or for everybody. */
@Injectable()
export class ReadRaffle {
  constructor(private readonly database: Database) {}

  /** Null when the publication has no such raffle. */
  async run(publicationId: string, id: string): Promise<ShownRaffle | null> {
    return this.shown(await findRaffle(this.database.reader, publicationId, id));
  }

  /** Of whatever publication. Null when there is none. */
  async forEverybody(id: string): Promise<ShownRaffle | null> {
    return this.shown(await findShownRaffle(this.database.reader, id));
  }

  /** The list of entries, as its hash was taken. Null before the draw. */
  async list(id: string): Promise<string | null> {
    const raffle = await findShownRaffle(this.database.reader, id);
    if (raffle === null || raffle.drawnAt === null) return null;
    return listOfEntries(await entriesOf(this.database.reader, raffle));
  }

  private async shown(raffle: Raffle | null): Promise<ShownRaffle | null> {
    if (raffle === null) return null;
    const tx = this.database.reader;
    const prizes = await prizesOfRaffles(tx, raffle.publicationId, [raffle.id]);
    const winners = raffle.drawnAt === null ? [] : await winnersOf(tx, raffle);
    return { raffle, prizes, winners };
  }
}
