import { Injectable } from '@nestjs/common';
import type { Contest } from '../contests/contest.entities.js';
import { enqueueMail } from '../mail/outbox.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { participantsOf } from '../subscribers/participant.store.js';

interface Place {
  rank: number;
  subscriberId: string;
  count: number;
  hasPrize: boolean;
}

/** Tells those who took part how a round of a contest ended. */
@Injectable()
export class TellContest {
  constructor(
    private readonly ids: Ids,
    private readonly links: Links,
  ) {}

  /** @param of how many places there are */
  async result(tx: Tx, contest: Contest, place: Place, of: number, now: Date): Promise<void> {
    const { publicationId, id, round, programId, name } = contest;
    const { rank, subscriberId, count, hasPrize } = place;
    const participants = await participantsOf(tx, publicationId, [subscriberId]);
    const participant = participants.find((one) => one.programId === programId) ?? participants[0];
    if (participant === undefined) return;
    await enqueueMail(tx, publicationId, {
      id: this.ids.next(),
      subscriberId,
      message: 'contest-result',
      data: { contest: name, place: rank, of, count, hasPrize, shareUrl: this.links.share(participant.code) },
      dedupeKey: `contest-result:${id}:${round}:${subscriberId}`,
      now,
    });
  }
}
