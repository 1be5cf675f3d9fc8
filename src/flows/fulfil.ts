import { Injectable } from '@nestjs/common';
import { enqueueMail } from '../mail/outbox.store.js';
import { lockGrantsToAsk } from '../milestones/address.store.js';
import { lockDueGrants, updateGrant } from '../milestones/grant.store.js';
import type { Grant } from '../milestones/milestone.entities.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Announce } from './announce.js';
import { TellReward } from './tell-reward.js';

/** Grants in one transaction: a crash in the middle undoes at most these, and they are released again. */
const BATCH = 50;

/**
 * Releases the grants that are due: each is marked as sent and its mail put into the outbox, together. Of those that are sent by
 * post the reader is asked first where to.
 */
@Injectable()
export class Fulfil {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly tellReward: TellReward,
    private readonly announce: Announce,
  ) {}

  /** Those of all publications, or of one; answers how many were released. Several processes at once share the work. */
  async run(only: string | null = null): Promise<number> {
    await this.batches((tx, now) => lockGrantsToAsk(tx, now, BATCH, only), this.ask.bind(this));
    return this.batches((tx, now) => lockDueGrants(tx, now, BATCH, only), this.release.bind(this));
  }

  private async batches(
    lock: (tx: Tx, now: Date) => Promise<Grant[]>,
    act: (tx: Tx, grant: Grant, now: Date) => Promise<void>,
  ): Promise<number> {
    let done = 0;
    for (;;) {
      const batch = await this.database.transaction(async (tx) => {
        const now = this.clock.now();
        const grants = await lock(tx, now);
        for (const grant of grants) await act(tx, grant, now);
        return grants.length;
      });
      done += batch;
      if (batch < BATCH) return done;
    }
  }

  private async ask(tx: Tx, grant: Grant, now: Date): Promise<void> {
    const { publicationId, id, subscriberId } = grant;
    await updateGrant(tx, publicationId, id, { askedAt: now });
    const data = await this.tellReward.toClaim(tx, grant);
    // A grant that was revoked and is back asks again.
    const dedupeKey = `claim:${id}:${now.getTime()}`;
    const mail = { id: this.ids.next(), subscriberId, message: 'claim-address' as const, data, dedupeKey, now };
    await enqueueMail(tx, publicationId, mail);
  }

  private async release(tx: Tx, grant: Grant, now: Date): Promise<void> {
    const { publicationId, id, subscriberId } = grant;
    await updateGrant(tx, publicationId, id, { status: 'sent', sentAt: now });
    const data = await this.tellReward.given(tx, grant);
    const mail = {
      id: this.ids.next(),
      subscriberId,
      message: 'reward' as const,
      data,
      dedupeKey: `reward:${id}`,
      now,
    };
    await enqueueMail(tx, publicationId, mail);
    await this.announce.grant(tx, publicationId, 'grant.sent', id, now);
  }
}
