import { Injectable } from '@nestjs/common';
import { isSent } from '../domain/grants.js';
import { nextMilestone, standing } from '../domain/milestones.js';
import { CLAIM_DAYS, DOWNLOAD_DAYS } from '../mail/compose.js';
import { grantsOf, type GrantWithCode } from '../milestones/grant.store.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import type { Reward } from '../milestones/reward.entities.js';
import { rewardsById } from '../milestones/reward.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { Links } from '../platform/links.js';
import type { Program } from '../publications/publication.entities.js';
import type { ParticipantCard } from '../subscribers/participant.store.js';
import { LadderOf } from './ladder-of.js';

const DAY_MS = 86_400_000;

export interface HubRung {
  milestone: Milestone;
  reward: Reward;
  goal: number;
  remaining: number;
  isNext: boolean;
  grants: HubGrant[];
}

/** A grant with the links that open it from the hub, made anew at every look. */
export interface HubGrant {
  grant: GrantWithCode;
  links: { claimUrl: string | null; downloadUrl: string | null };
}

/** What a participant earns and has earned: the ladder of their program, and beside it what has no rung there. */
@Injectable()
export class ReadRewards {
  constructor(
    private readonly database: Database,
    private readonly links: Links,
    private readonly clock: Clock,
    private readonly ladderOf: LadderOf,
  ) {}

  /**
   * `count` is the participant's of verified referrals. `elsewhere` are the other programs in which the reader takes part: what is
   * of those is shown there, and what is of none of theirs, such as a welcome gift, in each.
   */
  async of(
    program: Program,
    { subscriberId }: ParticipantCard,
    count: number,
    elsewhere: ReadonlySet<string>,
  ): Promise<{ ladder: HubRung[]; others: (HubGrant & { reward: Reward })[] }> {
    const tx = this.database.reader;
    const { publicationId } = program;
    const own = (await this.ladderOf.people(tx, program, [subscriberId]))(subscriberId);
    const milestones = own.filter(({ recipient }) => recipient === 'referrer');
    const all = await grantsOf(tx, publicationId, subscriberId);
    const grants = all.filter(({ programId }) => !elsewhere.has(programId));
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
      .filter(({ grant }) => !(grant.milestoneId !== null && onLadder.has(grant.milestoneId)))
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
}
