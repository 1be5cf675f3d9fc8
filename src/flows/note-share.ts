import { Injectable } from '@nestjs/common';
import { recordShare } from '../clicks/share.store.js';
import { channelOf } from '../domain/visit.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { findContent } from '../publications/content.store.js';
import { holdSubscriber } from '../subscribers/subscriber.store.js';
import { ownPrograms } from './own-programs.js';

/** What a share button says of itself. Null: not said. */
interface Press {
  program: string | null;
  content: string | null;
  channel: string | null;
}

/** Notes that a reader pressed a share button, which says nothing of whether they shared in the end. */
@Injectable()
export class NoteShare {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** False for a reader who is gone, or who takes part in nothing. Of a content that is not there the press is the publication's. */
  run(publicationId: string, subscriberId: string, press: Press): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const subscriber = await holdSubscriber(tx, publicationId, subscriberId);
      if (subscriber === null || subscriber.status === 'erased') return false;
      const own = await ownPrograms(tx, publicationId, subscriberId, press.program);
      if (own === null) return false;
      const content = press.content === null ? null : await findContent(tx, publicationId, press.content);
      await recordShare(tx, publicationId, {
        participantId: own.participant.id,
        contentId: content?.id ?? null,
        channel: channelOf(press.channel ?? undefined),
        at: this.clock.now(),
      });
      return true;
    });
  }
}
