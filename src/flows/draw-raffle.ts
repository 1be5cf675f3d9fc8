import { Injectable } from '@nestjs/common';
import { draw, type Drawn, type Entry, listOfEntries, pseudonym, sha256 } from '../domain/raffle.js';
import { entriesFound, type EntryFound, insertEntries, insertWinner } from '../contests/entry.store.js';
import type { Raffle } from '../contests/raffle.entities.js';
import { lockRaffle, noteDrawn, prizesOfRaffles } from '../contests/raffle.store.js';
import type { Tx } from '../platform/database.js';
import { getProgram, lockLadder } from '../publications/program.store.js';
import { holdPresent } from '../subscribers/subscriber.store.js';
import { GivePrize } from './give-prize.js';
import { RunOnce } from './run-once.js';

type NamedEntry = Entry & EntryFound;

interface Outcome {
  entries: NamedEntry[];
  winners: Drawn<NamedEntry>[];
}

/** Draws a raffle whose period is over: the list of entries, the winners and their prizes are one transaction, and never change again. */
@Injectable()
export class DrawRaffle {
  constructor(
    private readonly runOnce: RunOnce,
    private readonly givePrize: GivePrize,
  ) {}

  async run({ publicationId, id, programId }: Raffle, now: Date): Promise<void> {
    await this.runOnce.run({ publicationId, schedule: `raffle:${id}`, runKey: 'draw', ranAt: now }, async (tx) => {
      // Whoever is verifying a referral of the period has committed.
      await lockLadder(tx, publicationId, programId, 'alone');
      const raffle = await lockRaffle(tx, publicationId, id);
      if (raffle === null || raffle.drawnAt !== null || raffle.cancelledAt !== null) return;
      const prizes = (await prizesOfRaffles(tx, publicationId, [id])).flatMap(({ rewardId, count }) =>
        Array.from({ length: count }, () => rewardId),
      );
      const { entries, winners } = await this.outcome(tx, raffle, prizes.length);
      await insertEntries(tx, raffle, entries);
      const listHash = sha256(listOfEntries(entries));
      await noteDrawn(tx, raffle, { drawnAt: now, listHash, entryCount: entries.length });
      for (const winner of winners) await this.give(tx, raffle, winner, prizes[winner.number - 1]!, now);
    });
  }

  /** With winners who are there until this is committed: without one who is being erased the list is another one, and so is the draw. */
  private async outcome(tx: Tx, raffle: Raffle, prizes: number): Promise<Outcome> {
    for (;;) {
      const found = await entriesFound(tx, raffle);
      const entries = found.map((one) => ({
        ...one,
        entry: pseudonym(raffle.id, one.id),
        person: pseudonym(raffle.id, one.subscriberId),
      }));
      const winners = draw(raffle.seed, entries, prizes);
      const people = winners.map(({ entry }) => entry.subscriberId);
      if ((await holdPresent(tx, raffle.publicationId, people)).size === winners.length) return { entries, winners };
    }
  }

  private async give(
    tx: Tx,
    raffle: Raffle,
    { number, position, entry }: Drawn<NamedEntry>,
    rewardId: string,
    now: Date,
  ) {
    const { publicationId, id: raffleId, approval } = raffle;
    const program = await getProgram(tx, publicationId, raffle.programId);
    const won = {
      contestId: null,
      raffleId,
      occurrence: String(number),
      subscriberId: entry.subscriberId,
      count: null,
    };
    const { id: grantId } = await this.givePrize.within(tx, program, { ...won, rewardId, approval, wonAt: now }, now);
    await insertWinner(tx, { publicationId, raffleId, number, position, grantId });
  }
}
