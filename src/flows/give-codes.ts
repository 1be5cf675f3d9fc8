import { Injectable } from '@nestjs/common';
import { makeShareCode, SHARE_CODE_BYTES } from '../domain/share-code.js';
import type { Tx } from '../platform/database.js';
import { RandomBytes } from '../platform/random.js';
import { claimShareCodes } from '../subscribers/enrolment.store.js';

/** Gives participants who begin to take part their share codes. */
@Injectable()
export class GiveCodes {
  constructor(private readonly random: RandomBytes) {}

  /** 28^8 codes: even with a million taken, a second draw is needed once in 400,000 times. */
  async within(tx: Tx, publicationId: string, participantIds: readonly string[]): Promise<void> {
    let waiting = [...participantIds];
    while (waiting.length > 0) {
      const claims = waiting.map((participantId) => ({
        participantId,
        code: makeShareCode(this.random.take(SHARE_CODE_BYTES)),
      }));
      const claimed = new Set(await claimShareCodes(tx, publicationId, claims));
      waiting = waiting.filter((id) => !claimed.has(id));
    }
  }
}
