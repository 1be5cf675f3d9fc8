import { Injectable } from '@nestjs/common';
import type { NextMilestone } from '../mail/messages.js';
import { type ClaimedMail, enqueueMail } from '../mail/outbox.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { latestContents } from '../publications/content.store.js';
import { type Followed, hasShared, mailsToFollow, wasAskedSince } from '../reports/asking.store.js';
import { participantsOf } from '../subscribers/participant.store.js';
import { NextReward } from './next-reward.js';

const DAY_MS = 86_400_000;
/** Nobody is asked for anything more often. */
const ASK_EVERY_DAYS = 30;
/** So long after the mail that told of the last friend, one who needs one more is told that it is one. */
const NEAR_DAYS = 3;
/** So long after the welcome, one who has not shared is reminded that they can. */
const REMIND_DAYS = 7;
const MAILS_A_BATCH = 200;

/**
 * Asks readers to share, when it is likely to be welcome: one friend from a thank-you, or a week in and never tried. Once for each
 * thank-you, once for each reader, and never twice in a month.
 */
@Injectable()
export class AskToShare {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly links: Links,
    private readonly nextReward: NextReward,
  ) {}

  async run(): Promise<void> {
    await this.follow(['first-referral', 'referral-verified', 'reward'], NEAR_DAYS, (tx, mail) =>
      this.askWhoIsNear(tx, mail),
    );
    await this.follow(['welcome'], REMIND_DAYS, (tx, mail) => this.remind(tx, mail));
  }

  /** What the mail says now that it goes out, or null when there is nothing to ask any more. */
  async wordsOf(tx: Tx, { id, publicationId, subscriberId, message }: ClaimedMail): Promise<object | null> {
    if (subscriberId === null) return null;
    const since = new Date(this.clock.now().getTime() - ASK_EVERY_DAYS * DAY_MS);
    if (await wasAskedSince(tx, publicationId, subscriberId, since, id)) return null;
    const standing = await this.standing(tx, publicationId, subscriberId);
    if (standing === null) return null;
    const isStillSo =
      message === 'near-milestone' ? isNear(standing.next.told) : !(await hasShared(tx, publicationId, subscriberId));
    if (!isStillSo) return null;
    const [content] = await latestContents(tx, publicationId, 1);
    return {
      next: standing.next.told,
      content: content?.title ?? null,
      shareUrl: this.links.share(standing.code, content?.slug),
    };
  }

  /** A day's worth of mails each time: one that was missed while nothing ran for longer is not caught up with. */
  private async follow(
    messages: string[],
    days: number,
    act: (tx: Tx, mail: Followed) => Promise<void>,
  ): Promise<void> {
    const now = this.clock.now().getTime();
    const ago = (count: number) => new Date(now - count * DAY_MS);
    let last: Followed | null = null;
    do {
      const batch: Followed[] = await mailsToFollow(
        this.database.reader,
        messages,
        { after: ago(days + 1), until: ago(days) },
        ago(ASK_EVERY_DAYS),
        last,
        MAILS_A_BATCH,
      );
      for (const mail of batch) await this.database.transaction((tx) => act(tx, mail));
      last = batch.length === MAILS_A_BATCH ? batch.at(-1)! : null;
    } while (last !== null);
  }

  private async askWhoIsNear(tx: Tx, { publicationId, subscriberId }: Followed): Promise<void> {
    const standing = await this.standing(tx, publicationId, subscriberId);
    if (standing === null || !isNear(standing.next.told)) return;
    await enqueueMail(tx, publicationId, {
      id: this.ids.next(),
      subscriberId,
      message: 'near-milestone',
      data: {},
      dedupeKey: `near-milestone:${subscriberId}:${standing.next.milestone.id}`,
      now: this.clock.now(),
    });
  }

  private async remind(tx: Tx, { publicationId, subscriberId }: Followed): Promise<void> {
    if ((await this.standing(tx, publicationId, subscriberId)) === null) return;
    if (await hasShared(tx, publicationId, subscriberId)) return;
    await enqueueMail(tx, publicationId, {
      id: this.ids.next(),
      subscriberId,
      message: 'share-reminder',
      data: {},
      dedupeKey: `share-reminder:${subscriberId}`,
      now: this.clock.now(),
    });
  }

  /** Where a reader stands in the first of their programs in which there is something left to reach; null where there is none. */
  private async standing(tx: Tx, publicationId: string, subscriberId: string) {
    for (const participant of await participantsOf(tx, publicationId, [subscriberId])) {
      const { next } = await this.nextReward.of(tx, publicationId, participant);
      if (next !== null) return { code: participant.code, next };
    }
    return null;
  }
}

/** One more, and not the first: who has brought nobody is one friend from nothing. */
function isNear({ have, goal }: NextMilestone): boolean {
  return have >= 1 && goal - have === 1;
}
