import { Injectable } from '@nestjs/common';
import { DomainError, type FieldProblem } from '../domain/errors.js';
import type { Money } from '../domain/money.js';
import { hasPool } from '../domain/rewards.js';
import {
  lockGrantsWithoutStock,
  rewardsWithStockAndWaiting,
  updateGrant,
  valuesWithoutStock,
} from '../milestones/grant.store.js';
import type { Reward } from '../milestones/reward.entities.js';
import { addCouponCodes, lockReward, takeCouponCode } from '../milestones/reward.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Announce } from './announce.js';

const BATCH = 500;
const MOST_PROBLEMS = 100;

/** A code as a file brings it. */
export interface BroughtCode {
  code: string;
  value: Money | null;
}

/** New codes for the pool of a coupon or gift card. Grants that wait for one are served first, oldest first, in the same transaction. */
@Injectable()
export class Restock {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly announce: Announce,
  ) {}

  /**
   * Throws `request/not-found`, `reward/not-a-coupon`, and `request/invalid` for codes of a gift card that no grant could take. Codes
   * that the pool has are skipped.
   */
  run(
    publicationId: string,
    rewardId: string,
    brought: readonly (string | BroughtCode)[],
  ): Promise<{ added: number; skipped: number }> {
    return this.database.transaction(async (tx) => {
      const reward = await lockReward(tx, publicationId, rewardId);
      if (reward === null) throw new DomainError('request/not-found', 'There is no such reward');
      if (!hasPool(reward)) {
        throw new DomainError(
          'reward/not-a-coupon',
          'Only coupons without a shared code, and gift cards that your own system does not order, have a pool',
        );
      }
      const codes = worthEach(
        reward,
        brought.map((code) => (typeof code === 'string' ? { code, value: null } : code)),
      );
      const withIds = codes.map((code) => ({ ...code, id: this.ids.next() }));
      const added = await addCouponCodes(tx, publicationId, rewardId, withIds);
      await this.serve(tx, reward);
      return { added, skipped: codes.length - added };
    });
  }

  /** Serves whoever waits although codes are free: a grant may have found the last code locked by a transaction that then gave it up. */
  async serveWaiting(): Promise<void> {
    for (const { publicationId, rewardId } of await rewardsWithStockAndWaiting(this.database.reader)) {
      await this.database.transaction(async (tx) => {
        const reward = await lockReward(tx, publicationId, rewardId);
        if (reward !== null) await this.serve(tx, reward);
      });
    }
  }

  /** Of gift cards each value by itself: who waits for a large one keeps nobody from a small one. */
  private async serve(tx: Tx, reward: Reward): Promise<void> {
    const { publicationId, id } = reward;
    const values = reward.kind === 'gift_card' ? await valuesWithoutStock(tx, publicationId, id) : [null];
    for (const value of values) {
      if (await this.serveThose(tx, reward, value)) {
        await this.announce.stock(tx, publicationId, id, value, this.clock.now());
      }
    }
  }

  private async serveThose(tx: Tx, { publicationId, id }: Reward, worth: Money | null): Promise<boolean> {
    for (let isServed = false; ; isServed = true) {
      const waiting = await lockGrantsWithoutStock(tx, publicationId, id, worth, BATCH);
      for (const grant of waiting) {
        const taken = await takeCouponCode(tx, publicationId, id, grant.id, worth);
        if (taken === null) return isServed || grant !== waiting[0];
        const value = taken.value && { valueAmount: String(taken.value.amount), valueCurrency: taken.value.currency };
        await updateGrant(tx, publicationId, grant.id, { status: 'due', ...value });
      }
      if (waiting.length < BATCH) return isServed || waiting.length > 0;
    }
  }
}

/** The codes of a gift card, each with its worth: its own, or the one that all of this reward have. */
function worthEach({ kind, terms }: Reward, codes: readonly BroughtCode[]): BroughtCode[] {
  if (kind !== 'gift_card') return [...codes];
  const possible = terms.value === undefined ? Object.values(terms.valueBy?.table ?? {}) : [terms.value];
  const [only, ...others] = possible;
  const valued = codes.map(({ code, value }) => ({
    code,
    value: value ?? (others.length === 0 ? (only ?? null) : null),
  }));
  const told = possible.map(({ amount, currency }) => `${amount} ${currency}`).join(', ');
  const problems = valued.flatMap<FieldProblem>(({ value }, index) => {
    const path = `rows[${index}].Value`;
    if (value === null) return [{ path, message: 'is missing: cards of this reward are worth different amounts' }];
    const fits = possible.some(({ amount, currency }) => amount === value.amount && currency === value.currency);
    return fits ? [] : [{ path, message: `no card of this reward is worth that; in minor units they are ${told}` }];
  });
  if (problems.length === 0) return valued;
  const detail = `${problems.length} of ${codes.length} rows are not good`;
  throw new DomainError('request/invalid', detail, problems.slice(0, MOST_PROBLEMS));
}
