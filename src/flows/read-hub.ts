import { Injectable } from '@nestjs/common';
import { nextMilestone, standing } from '../domain/milestones.js';
import { expiresAt } from '../domain/referral.js';
import { grantsOf, type GrantWithCode } from '../milestones/grant.store.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import { listMilestones } from '../milestones/milestone.store.js';
import type { Reward } from '../milestones/reward.entities.js';
import { rewardsById } from '../milestones/reward.store.js';
import { Database } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { latestContents } from '../publications/content.store.js';
import type { Content } from '../publications/publication.entities.js';
import { getProgram } from '../publications/program.store.js';
import { type Rival, rivalsOf } from '../referrals/referral-click.store.js';
import {
  type ReferralRow,
  referralTally,
  referralsForReferrer,
  verifiedByContent,
} from '../referrals/shown-referral.store.js';
import { countsOf } from '../referrals/stage.store.js';
import { type ParticipantCard, participantsOf } from '../subscribers/participant.store.js';
import { findSubscriber } from '../subscribers/subscriber.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';

const FRIENDS_SHOWN = 20;
const CONTENTS_SHOWN = 6;

export interface HubRung {
  milestone: Milestone;
  reward: Reward;
  goal: number;
  remaining: number;
  isNext: boolean;
  grants: GrantWithCode[];
}

/** All that the page of a reader tells. */
export interface Hub {
  subscriber: Subscriber;
  count: number;
  shareUrl: string;
  ladder: HubRung[];
  friends: (ReferralRow & { confirmUntil: Date; rivals: Rival[] })[];
  tally: { counted: number; waiting: number; refused: number; total: number };
  contents: { content: Content; shareUrl: string; friends: number }[];
}

/** Reads a reader's page in the first program that they take part in. */
@Injectable()
export class ReadHub {
  constructor(
    private readonly database: Database,
    private readonly links: Links,
  ) {}

  /** Null when there is no such reader, an erased one, or none who takes part. */
  async run(publicationId: string, subscriberId: string): Promise<Hub | null> {
    const tx = this.database.reader;
    const subscriber = await findSubscriber(tx, publicationId, subscriberId);
    const [participant] = await participantsOf(tx, publicationId, [subscriberId]);
    if (subscriber === null || subscriber.status === 'erased' || participant === undefined) return null;
    const program = await getProgram(tx, publicationId, participant.programId);
    const counts = await countsOf(tx, publicationId, [participant.id], 'verified');
    const count = counts.find(({ season }) => season === program.season)?.count ?? 0;
    return {
      subscriber,
      count,
      shareUrl: this.links.share(participant.code),
      ladder: await this.ladder(publicationId, participant, count),
      friends: await this.friends(publicationId, participant.id),
      tally: await this.tally(publicationId, participant.id),
      contents: await this.contents(publicationId, participant),
    };
  }

  private async friends(publicationId: string, participantId: string): Promise<Hub['friends']> {
    const tx = this.database.reader;
    const friends = await referralsForReferrer(tx, publicationId, participantId, FRIENDS_SHOWN);
    const rivals = await rivalsOf(
      tx,
      publicationId,
      friends.map(({ referredId }) => referredId),
    );
    return friends.map((friend) => ({
      ...friend,
      confirmUntil: expiresAt(friend.createdAt),
      rivals: rivals.filter(({ referredId }) => referredId === friend.referredId),
    }));
  }

  private async ladder(publicationId: string, participant: ParticipantCard, count: number): Promise<HubRung[]> {
    const tx = this.database.reader;
    const milestones = (await listMilestones(tx, publicationId, participant.programId)).filter(
      ({ stage, recipient }) => stage === 'verified' && recipient === 'referrer',
    );
    const rewards = await rewardsById(
      tx,
      publicationId,
      milestones.map(({ rewardId }) => rewardId),
    );
    const grants = await grantsOf(tx, publicationId, participant.subscriberId);
    const next = nextMilestone(milestones, count);
    return milestones.map((milestone) => ({
      milestone,
      reward: rewards.find(({ id }) => id === milestone.rewardId)!,
      ...standing(milestone, count),
      isNext: milestone.id === next?.id,
      grants: grants.filter(({ milestoneId }) => milestoneId === milestone.id),
    }));
  }

  private async tally(publicationId: string, participantId: string): Promise<Hub['tally']> {
    const states = await referralTally(this.database.reader, publicationId, participantId);
    const sum = (...wanted: string[]) =>
      states.filter(({ state }) => wanted.includes(state)).reduce((n, { count }) => n + count, 0);
    const [counted, waiting, refused] = [
      sum('verified'),
      sum('pending', 'held'),
      sum('rejected', 'expired', 'reversed'),
    ];
    return { counted, waiting, refused, total: counted + waiting + refused };
  }

  private async contents(publicationId: string, participant: ParticipantCard): Promise<Hub['contents']> {
    const contents = await latestContents(this.database.reader, publicationId, CONTENTS_SHOWN);
    const verified = await verifiedByContent(this.database.reader, publicationId, participant.id);
    return contents.map((content) => ({
      content,
      shareUrl: this.links.share(participant.code, content.slug),
      friends: verified.find(({ contentId }) => contentId === content.id)?.count ?? 0,
    }));
  }
}
