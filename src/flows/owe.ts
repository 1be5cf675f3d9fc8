import { Injectable } from '@nestjs/common';
import type { GrantStatus } from '../domain/grants.js';
import type { Money } from '../domain/money.js';
import { hasPool, REWARD_KINDS, type Worth, type WorthProblem } from '../domain/rewards.js';
import { isWaitedFor, updateGrant } from '../milestones/grant.store.js';
import { recordGiven } from '../milestones/ledger.store.js';
import type { Grant } from '../milestones/milestone.entities.js';
import type { Reward } from '../milestones/reward.entities.js';
import { findReward, takeCouponCode } from '../milestones/reward.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { failpoint } from '../platform/failpoints.js';
import { Announce } from './announce.js';
import { WorthOfGrant } from './worth-of-grant.js';

/**
 * A grant is owed from now on: what it is worth is written down, it enters the ledger, and its code leaves the pool in this very
 * transaction. One whose worth nobody can tell waits for a person instead, and is owed when they approve it.
 */
@Injectable()
export class Owe {
  constructor(
    private readonly ids: Ids,
    private readonly worthOfGrant: WorthOfGrant,
    private readonly announce: Announce,
  ) {}

  /** Answers why it is not owed yet, or null. `decided` is a value that a person has set. */
  async within(tx: Tx, grant: Grant, now: Date, decided: Money | null = null): Promise<WorthProblem | null> {
    const { publicationId, id } = grant;
    const reward = await findReward(tx, publicationId, grant.rewardId);
    if (reward === null) throw new Error('a grant without a reward');
    const worth = await this.worthOfGrant.of(tx, grant, reward, decided);
    if (typeof worth === 'string') {
      await updateGrant(tx, publicationId, id, { status: 'awaiting_approval', reason: worth });
      return worth;
    }
    const { status, value } = await this.take(tx, grant, reward, worth, now);
    await updateGrant(tx, publicationId, id, { status, reason: null, ...columnsOf({ ...worth, value }) });
    const { subscriberId } = grant;
    await recordGiven(tx, publicationId, { ...worth.entry, id: this.ids.next(), grantId: id, subscriberId, at: now });
    return null;
  }

  /** What becomes of it, and what it is worth when the code that it took says so. */
  private async take(
    tx: Tx,
    { publicationId, id }: Grant,
    reward: Reward,
    { value }: Worth,
    now: Date,
  ): Promise<{ status: GrantStatus; value: Money | null }> {
    if (REWARD_KINDS[reward.kind].asksAddress) return { status: 'awaiting_claim', value };
    if (!hasPool(reward)) return { status: 'due', value };
    failpoint('grant-before-coupon');
    const wanted = reward.kind === 'gift_card' ? value : null;
    // A code that came back belongs to who has waited longest, and not to who comes first.
    const isFirst = !(await isWaitedFor(tx, publicationId, reward.id, wanted));
    const taken = isFirst ? await takeCouponCode(tx, publicationId, reward.id, id, wanted) : null;
    await this.announce.stock(tx, publicationId, reward.id, wanted, now);
    return { status: taken === null ? 'out_of_stock' : 'due', value: taken?.value ?? value };
  }
}

function columnsOf({ value, percent, company, ceiling }: Worth): Partial<Grant> {
  return {
    valueAmount: value === null ? null : String(value.amount),
    valueCurrency: value?.currency ?? null,
    percent,
    company,
    ceiling: ceiling === null ? null : String(ceiling.quantity),
    ceilingPer: ceiling?.per ?? null,
  };
}
