import { Injectable } from '@nestjs/common';
import { isSent } from '../domain/grants.js';
import { nextMilestone, standing } from '../domain/milestones.js';
import { CLAIM_DAYS, DOWNLOAD_DAYS } from '../mail/compose.js';
import { grantsOf, type GrantWithCode } from '../milestones/grant.store.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import type { Reward } from '../milestones/reward.entities.js';
import { rewardsById } from '../milestones/reward.store.js';
import { Database } from '../platform/database.js';
import { Clock } from '../platform/clock.js';
import { Links } from '../platform/links.js';
import { latestContents } from '../publications/content.store.js';
import type { Content, Program } from '../publications/publication.entities.js';
import { listPrograms } from '../publications/program.store.js';
import { verifiedByContent } from '../referrals/shown-referral.store.js';
import { countsOf } from '../referrals/stage.store.js';
import { type ParticipantCard, participantsOf } from '../subscribers/participant.store.js';
import { findSubscriber } from '../subscribers/subscriber.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import { LadderOf } from './ladder-of.js';
import { type FriendTally, type HubFriend, ReadFriends } from './read-friends.js';

const DAY_MS = 86_400_000;
const FRIENDS_SHOWN = 20;
const CONTENTS_SHOWN = 6;

export interface HubRung {
  milestone: Milestone;
  reward: Reward;
  goal: number;
  remaining: number;
  isNext: boolean;
  grants: HubGrant[];
}

/** A grant with the links that open it from here, made anew at every look. */
export interface HubGrant {
  grant: GrantWithCode;
  links: { claimUrl: string | null; downloadUrl: string | null };
}

/** All that the page of a reader tells. */
export interface Hub {
  subscriber: Subscriber;
  program: Program;
  count: number;
  shareUrl: string;
  ladder: HubRung[];
  /** Grants of milestones that are not on the ladder. */
  others: (HubGrant & { reward: Reward })[];
  friends: HubFriend[];
  tally: FriendTally;
  contents: { content: Content; shareUrl: string; friends: number }[];
}

/** Reads a reader's page in one of the programs that they take part in. */
@Injectable()
export class ReadHub {
  constructor(
    private readonly database: Database,
    private readonly links: Links,
    private readonly ladderOf: LadderOf,
    private readonly clock: Clock,
    private readonly readFriends: ReadFriends,
  ) {}

  /**
   * Null when there is no such reader, an erased one, or none who takes part. Where they do not take part in the program that
   * is asked for, the first one is shown.
   */
  async run(publicationId: string, subscriberId: string, slug: string | null = null): Promise<Hub | null> {
    const tx = this.database.reader;
    const subscriber = await findSubscriber(tx, publicationId, subscriberId);
    if (subscriber === null || subscriber.status === 'erased') return null;
    const own = await participantsOf(tx, publicationId, [subscriberId]);
    const programs = (await listPrograms(tx, publicationId)).filter(({ id }) => own.some((p) => p.programId === id));
    const program = programs.find((one) => one.slug === slug) ?? programs[0];
    const participant = own.find(({ programId }) => programId === program?.id);
    if (program === undefined || participant === undefined) return null;
    const counts = await countsOf(tx, publicationId, [participant.id], 'verified');
    const count = counts.find(({ season }) => season === program.season)?.count ?? 0;
    return {
      subscriber,
      program,
      count,
      shareUrl: this.links.share(participant.code),
      ...(await this.rewards(program, participant, count)),
      friends: await this.readFriends.newest(publicationId, participant.id, FRIENDS_SHOWN),
      tally: await this.readFriends.tally(publicationId, participant.id),
      contents: await this.contents(publicationId, participant),
    };
  }

  private async rewards(
    program: Program,
    { subscriberId }: ParticipantCard,
    count: number,
  ): Promise<Pick<Hub, 'ladder' | 'others'>> {
    const tx = this.database.reader;
    const { publicationId } = program;
    const own = (await this.ladderOf.people(tx, program, [subscriberId]))(subscriberId);
    const milestones = own.filter(({ recipient }) => recipient === 'referrer');
    const grants = await grantsOf(tx, publicationId, subscriberId);
    const rewardIds = [...milestones, ...grants].map(({ rewardId }) => rewardId);
    const rewards = new Map((await rewardsById(tx, publicationId, rewardIds)).map((reward) => [reward.id, reward]));
    const opened = grants.map((grant) => ({ grant, links: this.linksOf(grant, rewards.get(grant.rewardId)!) }));
    const next = nextMilestone(milestones, count);
    const ladder = milestones.map((milestone) => ({
      milestone,
      reward: rewards.get(milestone.rewardId)!,
      ...standing(milestone, count),
      isNext: milestone.id === next?.id,
      grants: opened.filter(({ grant }) => grant.milestoneId === milestone.id),
    }));
    const onLadder = new Set(milestones.map(({ id }) => id));
    const others = opened
      .filter(({ grant }) => !onLadder.has(grant.milestoneId))
      .map((each) => ({ ...each, reward: rewards.get(each.grant.rewardId)! }));
    return { ladder, others };
  }

  private linksOf(grant: GrantWithCode, reward: Reward): HubGrant['links'] {
    const now = this.clock.now();
    const link = (purpose: 'claim' | 'download', days: number) =>
      this.links.ofGrant(purpose, grant.publicationId, grant.id, new Date(now.getTime() + days * DAY_MS));
    return {
      claimUrl: grant.status === 'awaiting_claim' && grant.dueAt <= now ? link('claim', CLAIM_DAYS) : null,
      downloadUrl: reward.terms.protected && isSent(grant.status) ? link('download', DOWNLOAD_DAYS) : null,
    };
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
