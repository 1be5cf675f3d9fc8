import { Injectable } from '@nestjs/common';
import { isIn } from '../domain/audience.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { listPrograms, lockAccess } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { type Candidate, takeIn } from '../subscribers/enrolment.store.js';
import { GiveCodes } from './give-codes.js';

/** Takes readers into the programs that nobody has to ask for: those of everybody, and those whose segment the reader is in. */
@Injectable()
export class Enrol {
  constructor(
    private readonly ids: Ids,
    private readonly giveCodes: GiveCodes,
  ) {}

  /** A new reader, or one of whom facts have changed. Who leaves a segment stays: their link is out in the world. */
  async within(tx: Tx, publicationId: string, reader: Candidate, now: Date): Promise<void> {
    await lockAccess(tx, publicationId, 'shared');
    for (const program of await listPrograms(tx, publicationId)) await this.all(tx, program, [reader], now);
  }

  /** Of these readers, those whom the program takes by itself. The caller knows that its access does not change meanwhile. */
  async all(tx: Tx, program: Program, readers: readonly Candidate[], now: Date): Promise<void> {
    const taken = readers
      .filter(({ attributes }) => takesByItself(program, attributes))
      .map(({ id }) => ({ participantId: this.ids.next(), subscriberId: id }));
    if (taken.length === 0) return;
    await this.giveCodes.within(
      tx,
      program.publicationId,
      await takeIn(tx, program.publicationId, program.id, taken, now),
    );
  }
}

function takesByItself({ access, segment }: Program, attributes: Candidate['attributes']): boolean {
  return access === 'auto' || (access === 'segment' && segment !== null && isIn(segment, attributes));
}
