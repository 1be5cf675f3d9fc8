import { Injectable } from '@nestjs/common';
import { makeShareCode, SHARE_CODE_BYTES } from '../domain/share-code.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { RandomBytes } from '../platform/random.js';
import { listPrograms } from '../publications/program.store.js';
import { claimShareCode, enrol } from '../subscribers/participant.store.js';

/** Makes a new reader a participant of every program that takes everybody, each with a share code of its own. */
@Injectable()
export class Enrol {
  constructor(
    private readonly ids: Ids,
    private readonly random: RandomBytes,
  ) {}

  async within(tx: Tx, publicationId: string, subscriberId: string, now: Date): Promise<void> {
    for (const program of await listPrograms(tx, publicationId)) {
      if (program.access !== 'auto') continue;
      const participant = await enrol(tx, publicationId, {
        id: this.ids.next(),
        programId: program.id,
        subscriberId,
        createdAt: now,
      });
      if (participant.isNew) await this.giveCode(tx, publicationId, participant.id);
    }
  }

  /** 28^8 codes: even with a million taken, a second draw is needed once in 400,000 times. */
  private async giveCode(tx: Tx, publicationId: string, participantId: string): Promise<void> {
    while (
      !(await claimShareCode(tx, publicationId, participantId, makeShareCode(this.random.take(SHARE_CODE_BYTES))))
    );
  }
}
