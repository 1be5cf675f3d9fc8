import { Injectable } from '@nestjs/common';
import { isIn } from '../domain/audience.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { listPrograms, lockAccess } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { audienceFactsOf } from '../subscribers/audience.store.js';
import { takeIn } from '../subscribers/enrolment.store.js';
import { GiveCodes } from './give-codes.js';

/** Takes readers into the programs that nobody has to ask for: those of everybody, and those whose segment the reader is in. */
@Injectable()
export class Enrol {
  constructor(
    private readonly ids: Ids,
    private readonly giveCodes: GiveCodes,
  ) {}

  /**
   * A new reader, or one of whom facts have changed. Who leaves a segment stays: their link is out in the world. Answers the
   * programs that have taken the reader in.
   */
  async within(tx: Tx, publicationId: string, subscriberId: string, now: Date): Promise<Program[]> {
    await lockAccess(tx, publicationId, 'shared');
    const entered: Program[] = [];
    for (const program of await listPrograms(tx, publicationId)) {
      if ((await this.all(tx, program, [subscriberId], now)) > 0) entered.push(program);
    }
    return entered;
  }

  /** Of these readers, those whom the program takes by itself; answers how many. The caller knows that its access does not change meanwhile. */
  async all(tx: Tx, program: Program, subscriberIds: readonly string[], now: Date): Promise<number> {
    const { publicationId, id } = program;
    const taken = await this.takenOf(tx, program, subscriberIds);
    if (taken.length === 0) return 0;
    const readers = taken.map((subscriberId) => ({ participantId: this.ids.next(), subscriberId }));
    const entered = await takeIn(tx, publicationId, id, readers, now);
    await this.giveCodes.within(tx, publicationId, entered);
    return entered.length;
  }

  private async takenOf(tx: Tx, program: Program, subscriberIds: readonly string[]): Promise<readonly string[]> {
    const { publicationId, access, segment } = program;
    if (access === 'auto') return subscriberIds;
    if (access !== 'segment' || segment === null) return [];
    const facts = await audienceFactsOf(tx, publicationId, subscriberIds);
    return subscriberIds.filter((id) => isIn(segment, facts.get(id) ?? {}));
  }
}
