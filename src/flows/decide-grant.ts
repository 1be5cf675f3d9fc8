import { Injectable } from '@nestjs/common';
import { DomainError, invalid } from '../domain/errors.js';
import { grantMayBecome, type GrantStatus } from '../domain/grants.js';
import type { StaffActor } from '../domain/permissions.js';
import type { WorthProblem } from '../domain/rewards.js';
import type { Money } from '../domain/money.js';
import { enqueueMail } from '../mail/outbox.store.js';
import { lockGrant, updateGrant, valueOfGrant } from '../milestones/grant.store.js';
import type { Grant } from '../milestones/milestone.entities.js';
import { couponCodeOf, findReward, giveCode } from '../milestones/reward.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Announce } from './announce.js';
import { Audit } from './audit.js';
import { Owe } from './owe.js';
import { RevokeGrant } from './revoke-grant.js';
import { TellReward } from './tell-reward.js';

/** A person's decision about a grant: let it go out, say that it was handed over, or take it back before it was sent. */
@Injectable()
export class DecideGrant {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly owe: Owe,
    private readonly announce: Announce,
    private readonly audit: Audit,
    private readonly revokeGrant: RevokeGrant,
    private readonly tellReward: TellReward,
  ) {}

  /** `value` is what it shall be worth, where nobody could tell. Throws also `grant/value-unknown` and `request/invalid`. */
  approve(publicationId: string, id: string, by: StaffActor, value: Money | null = null): Promise<void> {
    return this.decide(publicationId, id, 'due', { act: 'grant.approve', by }, async (tx, grant, now) => {
      if (grant.status !== 'awaiting_approval') throw wrongStatus(grant, 'due');
      const reward = await findReward(tx, publicationId, grant.rewardId);
      if (value !== null && reward?.kind !== 'credit' && reward?.kind !== 'gift_card') {
        throw invalid('value', 'is for credit and gift cards');
      }
      const problem = await this.owe.within(tx, grant, now, value);
      if (problem !== null) throw new DomainError('grant/value-unknown', WHAT_IS_MISSING[problem]);
    });
  }

  /** `code` is that of a gift card which the publication's own system has got; it is mailed. Throws also `request/invalid`. */
  fulfil(publicationId: string, id: string, by: StaffActor, code: string | null = null): Promise<void> {
    return this.decide(publicationId, id, 'fulfilled', { act: 'grant.fulfil', by }, async (tx, grant, now) => {
      await updateGrant(tx, publicationId, grant.id, { status: 'fulfilled', fulfilledAt: now });
      if (code !== null) await this.handOver(tx, grant, code, now);
      await this.announce.grant(tx, publicationId, 'grant.fulfilled', grant.id, now);
    });
  }

  revoke(publicationId: string, id: string, reason: string | null, by: StaffActor): Promise<void> {
    const decision = { act: 'grant.revoke', by, note: reason };
    return this.decide(publicationId, id, 'revoked', decision, async (tx, grant, now) => {
      await this.revokeGrant.within(tx, grant, reason, now);
    });
  }

  private async handOver(tx: Tx, grant: Grant, code: string, now: Date): Promise<void> {
    const { publicationId, id, subscriberId } = grant;
    const reward = await findReward(tx, publicationId, grant.rewardId);
    if (reward?.kind !== 'gift_card') throw invalid('code', 'is for gift cards');
    if ((await couponCodeOf(tx, publicationId, id)) !== null) throw invalid('code', 'the grant has one from its pool');
    await giveCode(tx, publicationId, grant, { id: this.ids.next(), code, value: valueOfGrant(grant) });
    const data = await this.tellReward.given(tx, grant);
    const dedupeKey = `reward-code:${id}`;
    await enqueueMail(tx, publicationId, {
      id: this.ids.next(),
      subscriberId,
      message: 'reward',
      data,
      dedupeKey,
      now,
    });
  }

  /** Throws `request/not-found` and `grant/wrong-status`. */
  private decide(
    publicationId: string,
    id: string,
    to: GrantStatus,
    { by, ...decision }: { by: StaffActor; act: string; note?: string | null },
    act: (tx: Tx, grant: Grant, now: Date) => Promise<void>,
  ): Promise<void> {
    return this.database.transaction(async (tx) => {
      const grant = await lockGrant(tx, publicationId, id);
      if (grant === null) throw new DomainError('request/not-found', 'There is no such grant');
      if (!grantMayBecome(grant.status, to)) throw wrongStatus(grant, to);
      const now = this.clock.now();
      await act(tx, grant, now);
      const audited = { ...decision, subject: { kind: 'grant', id }, people: [grant.subscriberId] };
      await this.audit.within(tx, publicationId, by, { ...audited, data: { from: grant.status } }, now);
    });
  }
}

const WHAT_IS_MISSING: Record<WorthProblem, string> = {
  value_unknown: 'Nobody knows what it is worth: send a value, or revoke it',
  company_unknown: 'The company of who gets it is not known: tell it as the attribute company of the subscriber',
  bill_unknown: 'The bill of who gets it is not known: tell it as the attribute that ceilingOf names',
};

function wrongStatus(grant: Grant, to: GrantStatus): DomainError {
  return new DomainError('grant/wrong-status', `The grant is ${grant.status} and cannot become ${to}`);
}
