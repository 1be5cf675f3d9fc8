import { Injectable } from '@nestjs/common';
import type { Money } from '../domain/money.js';
import { needsFacts, type Worth, type WorthFacts, worthOf, type WorthProblem } from '../domain/rewards.js';
import type { Grant } from '../milestones/milestone.entities.js';
import type { Reward } from '../milestones/reward.entities.js';
import type { Tx } from '../platform/database.js';
import { firstPurchaseOf } from '../referrals/purchase.store.js';
import { findReferral } from '../referrals/shown-referral.store.js';
import { findSubscriber } from '../subscribers/subscriber.store.js';

type Who = Pick<Grant, 'publicationId' | 'subscriberId' | 'referralId'>;

/** Says what a grant is worth, by what is known at this moment of who gets it and of the friend whom it is given for. */
@Injectable()
export class WorthOfGrant {
  /** Also of a grant that is not there yet. `decided` is a value that a person has set. */
  async of(tx: Tx, grant: Who, reward: Reward, decided: Money | null): Promise<Worth | WorthProblem> {
    const facts = needsFacts(reward) ? await this.facts(tx, grant) : NO_FACTS;
    return worthOf(reward, facts, decided);
  }

  private async facts(tx: Tx, { publicationId, subscriberId, referralId }: Who): Promise<WorthFacts> {
    const recipient = await findSubscriber(tx, publicationId, subscriberId);
    return {
      recipient: { email: recipient?.email ?? null, attributes: recipient?.attributes ?? {} },
      referred: referralId === null ? {} : await this.referred(tx, publicationId, referralId),
    };
  }

  /** What they bought says more than what was told of them. */
  private async referred(tx: Tx, publicationId: string, referralId: string): Promise<WorthFacts['referred']> {
    const referral = await findReferral(tx, publicationId, referralId);
    const friend = referral && (await findSubscriber(tx, publicationId, referral.referredId));
    const purchase = await firstPurchaseOf(tx, publicationId, referralId);
    return {
      ...friend?.attributes,
      ...(purchase?.plan == null ? {} : { plan: purchase.plan }),
      ...(purchase?.seats == null ? {} : { seats: purchase.seats }),
    };
  }
}

const NO_FACTS: WorthFacts = { referred: {}, recipient: { email: null, attributes: {} } };
