import { Injectable } from '@nestjs/common';
import { mergeAttributes } from '../domain/attributes.js';
import { invalid } from '../domain/errors.js';
import type { EventTold } from '../domain/event-told.js';
import type { Tx } from '../platform/database.js';
import { getProgram } from '../publications/program.store.js';
import { insertPurchase, isPurchaseOf } from '../referrals/purchase.store.js';
import type { Referral } from '../referrals/referral.entities.js';
import { lockReferralOf } from '../referrals/referral.store.js';
import { recordReview, recordScore } from '../subscribers/opinion.store.js';
import { type PresentSubscriber, setAttributes } from '../subscribers/subscriber.store.js';
import { Engage } from './engage.js';
import { Enrol } from './enrol.js';
import { OweKnown } from './owe-known.js';
import { ReachStage } from './reach-stage.js';
import { RewardReview } from './reward-review.js';
import { SettlePurchases } from './settle-purchases.js';
import { TellLead } from './tell-lead.js';
import { Welcome } from './welcome.js';

/** Types after which other facts are known of a reader, and so perhaps another program is theirs. */
const CHANGE_FACTS: ReadonlySet<string> = new Set(['purchased', 'refunded', 'nps']);

type Happened = EventTold & { at: Date };

/** What an event means. It comes once; the caller holds the reader. */
@Injectable()
export class ApplyEvent {
  constructor(
    private readonly reachStage: ReachStage,
    private readonly settlePurchases: SettlePurchases,
    private readonly rewardReview: RewardReview,
    private readonly tellLead: TellLead,
    private readonly engage: Engage,
    private readonly oweKnown: OweKnown,
    private readonly enrol: Enrol,
    private readonly welcome: Welcome,
  ) {}

  async within(tx: Tx, reader: PresentSubscriber, event: Happened, now: Date): Promise<void> {
    await this.apply(tx, reader, event, now);
    if (event.attributes !== null || CHANGE_FACTS.has(event.type)) {
      const entered = await this.enrol.within(tx, reader.publicationId, reader.id, now);
      for (const program of entered) await this.welcome.within(tx, program, reader, now);
    }
  }

  private async apply(tx: Tx, reader: PresentSubscriber, event: Happened, now: Date): Promise<void> {
    const { publicationId, id: readerId } = reader;
    if (event.attributes !== null) {
      const attributes = mergeAttributes(reader.attributes, event.attributes);
      await setAttributes(tx, publicationId, readerId, attributes, now);
    }
    switch (event.type) {
      case 'purchased':
        return this.purchased(tx, reader, event, now);
      case 'refunded':
        return this.refunded(tx, reader, event, now);
      case 'nps':
        return recordScore(tx, publicationId, readerId, event.score!, event.at);
      case 'reviewed':
        if (await recordReview(tx, publicationId, readerId, event.at)) {
          await this.rewardReview.within(tx, publicationId, readerId, event.at, now);
        }
        return;
      case 'engaged':
        return this.engage.within(tx, publicationId, readerId, event.at);
      default:
        return this.reached(tx, reader, event, now);
    }
  }

  private async purchased(tx: Tx, reader: PresentSubscriber, event: Happened, now: Date): Promise<void> {
    const { id: eventId, plan, seats, value, at } = event;
    await insertPurchase(tx, reader.publicationId, { eventId, subscriberId: reader.id, plan, seats, value, at });
    const referral = await this.settle(tx, reader, now);
    if (referral !== null) await this.tellLead.purchased(tx, referral, eventId, now);
  }

  private async refunded(tx: Tx, reader: PresentSubscriber, { of }: Happened, now: Date): Promise<void> {
    if (of !== null && (await isPurchaseOf(tx, reader.publicationId, of, reader.id)) === false) {
      throw invalid('of', 'is no purchase of this person');
    }
    await this.settle(tx, reader, now);
  }

  private async settle(tx: Tx, reader: PresentSubscriber, now: Date): Promise<Referral | null> {
    const referral = await lockReferralOf(tx, reader.publicationId, reader.id);
    await this.settlePurchases.within(tx, reader.publicationId, reader.id, referral, now);
    if (referral !== null) await this.oweKnown.within(tx, reader.publicationId, referral.id, now);
    return referral;
  }

  /** `qualified`, or a stage of the referral's own program; one of another program says nothing about this referral. */
  private async reached(tx: Tx, reader: PresentSubscriber, { type, at }: Happened, now: Date): Promise<void> {
    const referral = await lockReferralOf(tx, reader.publicationId, reader.id);
    if (referral === null) return;
    if (type !== 'qualified') {
      const { stages } = await getProgram(tx, reader.publicationId, referral.programId);
      if (!stages.includes(type)) return;
    }
    const isNew = await this.reachStage.within(tx, referral, type, at, now);
    if (isNew && type === 'qualified') await this.tellLead.qualified(tx, referral, now);
  }
}
