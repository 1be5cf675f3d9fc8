import { Injectable } from '@nestjs/common';
import { toldReason } from '../domain/friend.js';
import type { GrantStatus } from '../domain/grants.js';
import { initialOf } from '../domain/mask.js';
import { bundleMail, type ClaimedMail, enqueueMail } from '../mail/outbox.store.js';
import { findGrant, referralsWithGrant } from '../milestones/grant.store.js';
import type { Grant } from '../milestones/milestone.entities.js';
import { findReward } from '../milestones/reward.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { Words } from '../platform/words.js';
import { contentById } from '../publications/content.store.js';
import type { Referral } from '../referrals/referral.entities.js';
import { verifiedAmong } from '../referrals/referral.store.js';
import { countsOf } from '../referrals/stage.store.js';
import { participantsById } from '../subscribers/participant.store.js';
import { NextReward } from './next-reward.js';
import { ReadFriends } from './read-friends.js';

/** Friends who count shortly after each other are told of together. */
const BUNDLE_MS = 3_600_000;

/** What a person has earned and does not have yet. */
const WAITS: ReadonlySet<GrantStatus> = new Set(['due', 'awaiting_approval', 'out_of_stock']);

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
    private readonly readFriends: ReadFriends,
    private readonly words: Words,
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

  /** A referral was refused after the friend had confirmed: one that never was is no news of theirs to tell. */
  async refused(tx: Tx, { publicationId, id, referrerId }: Referral, now: Date): Promise<void> {
    const [referrer] = await participantsById(tx, publicationId, [referrerId]);
    if (referrer === undefined) return;
    await enqueueMail(tx, publicationId, {
      id: this.ids.next(),
      subscriberId: referrer.subscriberId,
      message: 'referral-refused',
      data: { referralId: id },
      dedupeKey: `refused:${id}`,
      now,
    });
  }

  /** A grant was made that is released later. */
  async earned(tx: Tx, { publicationId, id, subscriberId }: Grant, now: Date): Promise<void> {
    await enqueueMail(tx, publicationId, {
      id: this.ids.next(),
      subscriberId,
      message: 'reward-earned',
      data: { grantId: id },
      dedupeKey: `earned:${id}`,
      now,
    });
  }

  /** What the mail says now that it goes out, or null when there is nothing to say any more. */
  async wordsOf(tx: Tx, mail: ClaimedMail): Promise<object | null> {
    switch (mail.message) {
      case 'first-referral':
      case 'referral-verified':
        return this.friends(tx, mail, mail.data as unknown as AboutFriends);
      case 'referral-refused':
        return this.refusal(tx, mail);
      case 'reward-earned':
        return this.promise(tx, mail);
      default:
        return mail.data;
    }
  }

  /** Null where a reviewer has let it count since. */
  private async refusal(tx: Tx, { publicationId, subscriberId, locale, publicationName, data }: ClaimedMail) {
    if (subscriberId === null) return null;
    const found = await this.readFriends.one(publicationId, subscriberId, String(data['referralId']));
    const reason = found === null ? null : toldReason(found.friend);
    if (found === null || reason === null || found.friend.state !== 'rejected') return null;
    const said = this.words.say(locale, `friend.${reason}.text`, { day: '', publication: publicationName });
    return {
      initial: initialOf(found.friend.referredEmail ?? ''),
      reason: said.toString(),
      appeals: found.friend.mayAppeal ? found.friend.id : null,
    };
  }

  /** Null where it has been handed over, or taken back. */
  private async promise(tx: Tx, { publicationId, data }: ClaimedMail) {
    const grant = await findGrant(tx, publicationId, String(data['grantId']));
    if (grant === null || !WAITS.has(grant.status)) return null;
    const reward = await findReward(tx, publicationId, grant.rewardId);
    if (reward === null) return null;
    const waits = grant.status === 'awaiting_approval' ? 'approval' : 'time';
    return { reward: { name: reward.name, description: reward.description }, waits };
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
