import { Injectable } from '@nestjs/common';
import type { MailReward } from '../mail/messages.js';
import { enqueueMail } from '../mail/outbox.store.js';
import { lockDueGrants, updateGrant } from '../milestones/grant.store.js';
import type { Grant } from '../milestones/milestone.entities.js';
import { getMilestone } from '../milestones/milestone.store.js';
import { couponCodeOf, findReward } from '../milestones/reward.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { participantsOf } from '../subscribers/participant.store.js';
import { Announce } from './announce.js';
import { NextReward } from './next-reward.js';

/** Grants in one transaction: a crash in the middle undoes at most these, and they are released again. */
const BATCH = 50;

/** Releases the grants that are due: each is marked as sent and its mail put into the outbox, together. */
@Injectable()
export class Fulfil {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly links: Links,
    private readonly nextReward: NextReward,
    private readonly announce: Announce,
  ) {}

  /** Those of all publications, or of one; answers how many were released. Several processes at once share the work. */
  async run(only: string | null = null): Promise<number> {
    let released = 0;
    for (;;) {
      const batch = await this.database.transaction(async (tx) => {
        const now = this.clock.now();
        const due = await lockDueGrants(tx, now, BATCH, only);
        for (const grant of due) await this.release(tx, grant, now);
        return due.length;
      });
      released += batch;
      if (batch < BATCH) return released;
    }
  }

  private async release(tx: Tx, grant: Grant, now: Date): Promise<void> {
    await updateGrant(tx, grant.publicationId, grant.id, { status: 'sent', sentAt: now });
    await enqueueMail(tx, grant.publicationId, {
      id: this.ids.next(),
      subscriberId: grant.subscriberId,
      message: 'reward',
      data: await this.mailData(tx, grant),
      dedupeKey: `reward:${grant.id}`,
      now,
    });
    await this.announce.grant(tx, grant.publicationId, 'grant.sent', grant.id, now);
  }

  private async mailData(tx: Tx, grant: Grant): Promise<object> {
    const reward = await this.reward(tx, grant);
    const milestone = await getMilestone(tx, grant.publicationId, grant.milestoneId);
    const participants = await participantsOf(tx, grant.publicationId, [grant.subscriberId]);
    const participant = participants.find(({ programId }) => programId === milestone.programId);
    if (milestone.recipient === 'referred' || participant === undefined) {
      return { recipient: 'referred', count: 0, reward, next: null, shareUrl: null };
    }
    const { count, next } = await this.nextReward.of(tx, grant.publicationId, participant);
    return {
      recipient: 'referrer',
      count: grant.count ?? count,
      reward,
      next: next?.told ?? null,
      shareUrl: this.links.share(participant.code),
    };
  }

  private async reward(tx: Tx, grant: Grant): Promise<MailReward> {
    const reward = await findReward(tx, grant.publicationId, grant.rewardId);
    if (reward === null) throw new Error('a grant without a reward');
    const { name, description, url } = reward;
    if (reward.kind === 'custom') return { kind: 'custom', name, description };
    if (reward.kind === 'link') return { kind: 'link', name, description, url: url ?? this.links.base };
    const code = reward.code ?? (await couponCodeOf(tx, grant.publicationId, grant.id));
    if (code === null) throw new Error('a coupon grant is due without a code');
    return { kind: 'coupon', name, description, code, own: reward.code === null, url };
  }
}
