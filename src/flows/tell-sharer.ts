import { Injectable } from '@nestjs/common';
import { bundleMail, type ClaimedMail, enqueueMail } from '../mail/outbox.store.js';
import { referralsWithGrant } from '../milestones/grant.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { contentById } from '../publications/content.store.js';
import type { Referral } from '../referrals/referral.entities.js';
import { verifiedAmong } from '../referrals/referral.store.js';
import { countsOf } from '../referrals/stage.store.js';
import { participantsById } from '../subscribers/participant.store.js';
import { NextReward } from './next-reward.js';

/** Friends who count shortly after each other are told of together. */
const BUNDLE_MS = 3_600_000;

/** What is kept of a mail about friends until it goes out. */
interface AboutFriends {
  participantId: string;
  referralIds: string[];
}

/**
 * Tells those who share of what has come of it. Only who and what is put into the outbox; the words are found when the mail has
 * its turn, which may be a night later.
 */
@Injectable()
export class TellSharer {
  constructor(
    private readonly ids: Ids,
    private readonly links: Links,
    private readonly nextReward: NextReward,
  ) {}

  /** A referral counts. The caller holds the referrer's count. */
  async verified(tx: Tx, { publicationId, id, referrerId }: Referral, now: Date): Promise<void> {
    const [referrer] = await participantsById(tx, publicationId, [referrerId]);
    if (referrer === undefined) return;
    const { subscriberId } = referrer;
    const seasons = await countsOf(tx, publicationId, [referrerId], 'verified');
    const data: AboutFriends = { participantId: referrerId, referralIds: [id] };
    const mail = { id: this.ids.next(), subscriberId, data, now };
    if (seasons.reduce((sum, { count }) => sum + count, 0) === 1) {
      const first = { ...mail, message: 'first-referral' as const, dedupeKey: `first-referral:${referrerId}` };
      if (await enqueueMail(tx, publicationId, first)) return;
    }
    if (await bundleMail(tx, publicationId, subscriberId, referrerId, id)) return;
    const more = { message: 'referral-verified' as const, dueAt: new Date(now.getTime() + BUNDLE_MS) };
    await enqueueMail(tx, publicationId, { ...mail, ...more, dedupeKey: `verified:${id}:${now.getTime()}` });
  }

  /** What the mail says now that it goes out, or null when there is nothing to say any more. */
  async words(tx: Tx, mail: ClaimedMail): Promise<object | null> {
    switch (mail.message) {
      case 'first-referral':
      case 'referral-verified':
        return this.friends(tx, mail, mail.data as unknown as AboutFriends);
      default:
        return mail.data;
    }
  }

  /** Of friends that are told of with a thank-you nothing is said twice. */
  private async friends(
    tx: Tx,
    { publicationId, subscriberId }: ClaimedMail,
    { participantId, referralIds }: AboutFriends,
  ) {
    const [participant] = await participantsById(tx, publicationId, [participantId]);
    if (participant === undefined || subscriberId === null) return null;
    const rewarded = new Set(await referralsWithGrant(tx, publicationId, subscriberId, referralIds));
    const told = (await verifiedAmong(tx, publicationId, referralIds)).filter(({ id }) => !rewarded.has(id));
    if (told.length === 0) return null;
    const { count, next } = await this.nextReward.of(tx, publicationId, participant);
    const contentId = told[0]!.contentId;
    const content = contentId === null ? null : await contentById(tx, publicationId, contentId);
    return {
      ...{ friends: told.length, count, content: content?.title ?? null },
      ...{ next: next?.told ?? null, shareUrl: this.links.share(participant.code) },
    };
  }
}
