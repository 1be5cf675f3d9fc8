import { Injectable } from '@nestjs/common';
import { ticked } from '../domain/participation.js';
import type { ReferralState } from '../domain/referral.js';
import type { Money } from '../domain/money.js';
import { isLowStock, type ToldEvent, type WebhookData } from '../domain/webhook-events.js';
import { holdGrant, purposeOf, valueOfGrant } from '../milestones/grant.store.js';
import { couponStock, findReward } from '../milestones/reward.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { findProgram } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { holdReferral } from '../referrals/shown-referral.store.js';
import { participantsOf } from '../subscribers/participant.store.js';
import type { Participant, Subscriber } from '../subscribers/subscriber.entities.js';
import { findSubscriber } from '../subscribers/subscriber.store.js';
import { insertDeliveries } from '../webhooks/delivery.store.js';
import { isHeard } from '../webhooks/webhook.store.js';

type SubscriberEvent = Extract<ToldEvent, `subscriber.${string}`>;
type GrantEvent = Extract<ToldEvent, `grant.${string}` | `milestone.${string}`>;

/** What is told, and of whom. */
interface Told<Type extends ToldEvent> {
  data: WebhookData[Type];
  /** Subscriber ids. */
  people: string[];
}

/** Expiry is no event of the contract: nobody did anything. */
const REFERRAL_EVENTS: Record<ReferralState, Extract<ToldEvent, `referral.${string}`> | null> = {
  pending: 'referral.pending',
  held: 'referral.held',
  verified: 'referral.verified',
  rejected: 'referral.rejected',
  expired: null,
  reversed: 'referral.reversed',
};

/**
 * Puts what happened into the webhooks' outbox, in the transaction of the happening, told as the API tells it. Where nobody
 * listens this is one look at an index, and nothing is read.
 */
@Injectable()
export class Announce {
  constructor(
    private readonly ids: Ids,
    private readonly links: Links,
  ) {}

  /** `happening` is the id of the row that records it: a reader may be confirmed a second time, after having left. */
  subscriber(tx: Tx, type: SubscriberEvent, subscriber: Subscriber, happening: string, now: Date): Promise<void> {
    return this.tell(tx, subscriber.publicationId, type, happening, now, async () => {
      const { publicationId, id, email, firstName, status, locale, externalId, createdAt, confirmedAt } = subscriber;
      const program = await findProgram(tx, publicationId, 'default');
      const participants = await participantsOf(tx, publicationId, [id]);
      const code = participants.find(({ programId }) => programId === program?.id)?.code ?? null;
      const share = { shareCode: code, shareUrl: code === null ? null : this.links.share(code) };
      const data = { id, email, firstName, status, locale, externalId, ...share, createdAt, confirmedAt };
      return { data, people: [id] };
    });
  }

  /** `happening` is the id of the referral's event. The referral is told as it is now, so its row must have been changed before. */
  async referral(
    tx: Tx,
    publicationId: string,
    referral: { id: string; state: ReferralState },
    happening: string,
    now: Date,
  ): Promise<void> {
    const type = REFERRAL_EVENTS[referral.state];
    if (type === null) return;
    await this.tell(tx, publicationId, type, happening, now, async () => {
      const row = await holdReferral(tx, publicationId, referral.id);
      if (row === null) throw new Error('a referral vanished while it was told of');
      const data = {
        id: row.id,
        program: row.programSlug,
        referrer: { id: row.referrerSubscriberId, email: row.referrerEmail, shareCode: row.referrerCode },
        referred: { id: row.referredId, email: row.referredEmail, status: row.referredStatus },
        state: row.state,
        heldFor: row.heldFor,
        reasons: row.reasons,
        content: row.contentSlug,
        channel: row.channel,
        createdAt: row.createdAt,
        verifiedAt: row.verifiedAt,
      };
      return { data, people: [row.referrerSubscriberId, row.referredId] };
    });
  }

  /** The grant is told as it is now. An unsent one may be revoked, reinstated and revoked again, so that the moment makes the happening. */
  grant(tx: Tx, publicationId: string, type: GrantEvent, grantId: string, now: Date): Promise<void> {
    const happening = type === 'grant.revoked' ? `${grantId}:${now.getTime()}` : grantId;
    return this.tell(tx, publicationId, type, happening, now, async () => {
      const row = await holdGrant(tx, publicationId, grantId);
      if (row === null) throw new Error('a grant vanished while it was told of');
      const { id, occurrence, count, status, reason, percent, company, dueAt, sentAt, createdAt } = row;
      const data = {
        id,
        ...purposeOf(row),
        reward: { id: row.rewardId, name: row.rewardName, kind: row.rewardKind },
        subscriber: { id: row.subscriberId, email: row.email, firstName: row.firstName },
        referral: row.referralId,
        ...{ occurrence, count, status, reason, value: valueOfGrant(row), percent, company, dueAt, sentAt, createdAt },
      };
      return { data, people: [row.subscriberId] };
    });
  }

  async applied(tx: Tx, program: Program, participant: Participant, now: Date): Promise<void> {
    const { publicationId, id, subscriberId, status, answers, appliedAt } = participant;
    const happening = `${id}:${now.getTime()}`;
    await this.tell(tx, publicationId, 'participant.applied', happening, now, async () => {
      const reader = await findSubscriber(tx, publicationId, subscriberId);
      const subscriber = { id: subscriberId, email: reader?.email ?? null, firstName: reader?.firstName ?? null };
      const requirements = ticked(program.requirements, participant.requirements);
      return {
        data: { id, program: program.slug, subscriber, status, requirements, answers, appliedAt },
        people: [subscriberId],
      };
    });
  }

  /** After a code was taken, or none was left; of gift cards those of one value. The pool's total names the happening: it grows with each refill, and only then. */
  async stock(tx: Tx, publicationId: string, rewardId: string, value: Money | null, now: Date): Promise<void> {
    if (!(await isHeard(tx, publicationId, 'reward.low_stock'))) return;
    const stock = await couponStock(tx, publicationId, rewardId, value);
    const reward = isLowStock(stock) ? await findReward(tx, publicationId, rewardId) : null;
    if (reward === null) return;
    const data = { reward: { id: reward.id, name: reward.name }, value, ...stock };
    const happening = `${rewardId}:${stock.total}${value === null ? '' : `:${value.amount}${value.currency}`}`;
    await this.insert(tx, publicationId, 'reward.low_stock', happening, now, { data, people: [] });
  }

  private async tell<Type extends ToldEvent>(
    tx: Tx,
    publicationId: string,
    type: Type,
    happening: string,
    now: Date,
    read: () => Promise<Told<Type>>,
  ): Promise<void> {
    if (!(await isHeard(tx, publicationId, type))) return;
    await this.insert(tx, publicationId, type, happening, now, await read());
  }

  private insert<Type extends ToldEvent>(
    tx: Tx,
    publicationId: string,
    type: Type,
    happening: string,
    now: Date,
    told: Told<Type>,
  ): Promise<void> {
    return insertDeliveries(tx, publicationId, {
      id: this.ids.next(),
      type,
      eventKey: `${type}:${happening}`,
      ...told,
      now,
    });
  }
}
