import { Injectable } from '@nestjs/common';
import type { MailReward } from '../mail/messages.js';
import { findGrant, valueOfGrant } from '../milestones/grant.store.js';
import type { Grant } from '../milestones/milestone.entities.js';
import { getMilestone } from '../milestones/milestone.store.js';
import type { Reward } from '../milestones/reward.entities.js';
import { couponCodeOf, findReward } from '../milestones/reward.store.js';
import type { Tx } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { participantsOf } from '../subscribers/participant.store.js';
import { NextReward } from './next-reward.js';

/** What the mails about a grant tell. Links with a token are not in it: they are made when the mail is rendered. */
@Injectable()
export class TellReward {
  constructor(
    private readonly links: Links,
    private readonly nextReward: NextReward,
  ) {}

  /** For the mail that hands it over. */
  async given(tx: Tx, grant: Grant): Promise<object> {
    return { ...(await this.whatFor(tx, grant)), grantId: grant.id, reward: await this.reward(tx, grant) };
  }

  /** For the mail that asks where to send it. */
  async toClaim(tx: Tx, grant: Grant): Promise<object> {
    const { recipient, count, won } = await this.whatFor(tx, grant);
    const { name, description, terms } = await rewardOf(tx, grant);
    const hasVariants = terms.variants !== undefined;
    return { recipient, count, won, grantId: grant.id, reward: { name, description, hasVariants } };
  }

  private async whatFor(tx: Tx, grant: Grant) {
    if (grant.milestoneId === null) return this.won(tx, grant);
    const milestone = await getMilestone(tx, grant.publicationId, grant.milestoneId);
    const participants = await participantsOf(tx, grant.publicationId, [grant.subscriberId]);
    const participant = participants.find(({ programId }) => programId === milestone.programId);
    if (milestone.recipient === 'referred' || participant === undefined) {
      return { recipient: 'referred', count: 0, won: null, next: null, shareUrl: null };
    }
    const { count, next } = await this.nextReward.of(tx, grant.publicationId, participant);
    return {
      recipient: 'referrer',
      count: grant.count ?? count,
      won: null,
      next: next?.told ?? null,
      shareUrl: this.links.share(participant.code),
    };
  }

  /** A prize stands for itself: no next one is promised. */
  private async won(tx: Tx, { publicationId, id }: Grant) {
    const row = await findGrant(tx, publicationId, id);
    const won = row?.contestName ?? row?.raffleName ?? null;
    return { recipient: 'winner', count: 0, won, next: null, shareUrl: null };
  }

  private async reward(tx: Tx, grant: Grant): Promise<MailReward> {
    const reward = await rewardOf(tx, grant);
    const { name, description, url, terms } = reward;
    const told = { name, description };
    switch (reward.kind) {
      case 'link':
        return { ...told, kind: 'link', url: terms.protected ? null : url };
      case 'coupon':
      case 'gift_card':
        return { ...told, ...(await withCode(tx, grant, reward)) };
      case 'credit':
        return { ...told, kind: 'credit', value: valueOfGrant(grant), company: grant.company };
      case 'discount':
        return { ...told, kind: 'discount', percent: grant.percent ?? 0 };
      case 'access':
        return { ...told, kind: 'access', months: terms.months ?? null, url };
      case 'physical':
      case 'entry':
      case 'custom':
        return { ...told, kind: reward.kind };
    }
  }
}

async function withCode(tx: Tx, grant: Grant, { kind, code: shared, url, terms }: Reward) {
  const code = shared ?? (await couponCodeOf(tx, grant.publicationId, grant.id));
  if (code === null && terms.fulfilment !== 'webhook') throw new Error('a grant is due without a code');
  if (kind === 'gift_card') return { kind, code, url, value: valueOfGrant(grant) };
  return { kind: 'coupon' as const, code: code!, own: shared === null, url };
}

async function rewardOf(tx: Tx, grant: Grant): Promise<Reward> {
  const reward = await findReward(tx, grant.publicationId, grant.rewardId);
  if (reward === null) throw new Error('a grant without a reward');
  return reward;
}
