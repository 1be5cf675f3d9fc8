import { Injectable } from '@nestjs/common';
import { isProgramMail, paceOf, zoneOf } from '../domain/program-mails.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import type { ClaimedMail } from './outbox.store.js';
import { lockPace, markReleased, readPace, releasedBefore } from './pace.store.js';

/** What a mail about sharing says now that it goes out; null when there is nothing to say any more. */
export type WordsOf = (tx: Tx, mail: ClaimedMail) => Promise<object | null>;

/** Holds mails about sharing back while the reader sleeps, or had enough of them. All others go as they come. */
@Injectable()
export class Pacer {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Whether a claimed mail goes out now, and with what. One that does has taken its turn. */
  async ask(claimed: ClaimedMail, wordsOf: WordsOf) {
    const { publicationId, id, subscriberId, message, createdAt, releasedAt, data } = claimed;
    if (subscriberId === null || !isProgramMail(message)) return { act: 'send' as const, data };
    return this.database.transaction(async (tx) => {
      const now = this.clock.now();
      await lockPace(tx, publicationId, subscriberId);
      const pace = await readPace(tx, publicationId, subscriberId);
      if (pace === null) return { act: 'drop' as const, why: 'the reader is gone' };
      const { settings, readerZone, publicationZone, postalAddress } = pace;
      const released = releasedAt === null ? await releasedBefore(tx, publicationId, subscriberId, now) : null;
      const timezone = zoneOf(readerZone, publicationZone);
      const hasPostalAddress = postalAddress !== null;
      const mail = { message, promisedAt: createdAt, settings, timezone, hasPostalAddress, released };
      const verdict = paceOf(mail, now);
      if (verdict.act !== 'send' || released === null) return { ...verdict, data };
      const words = await wordsOf(tx, claimed);
      if (words === null) return { act: 'drop' as const, why: 'there is nothing to tell any more' };
      await markReleased(tx, publicationId, id, words, now);
      return { ...verdict, data: words as Record<string, unknown> };
    });
  }
}
