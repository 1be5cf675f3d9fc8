import { Injectable } from '@nestjs/common';
import { grantMayBecome } from '../domain/grants.js';
import { grantsOf } from '../milestones/grant.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import type { PresentSubscriber } from '../subscribers/subscriber.store.js';
import { findSubscriber, isPresent, lockSubscriber, updateSubscriber } from '../subscribers/subscriber.store.js';
import { type OwnPrograms, ownPrograms } from './own-programs.js';

/** What is not there is not changed. */
interface SettingsChange {
  firstName?: string | null;
  locale?: PresentSubscriber['locale'];
  showsName?: boolean;
  /** Whether mails about sharing come. */
  programMails?: boolean;
  boardName?: string | null;
}

/** What readers set for themselves on their own page. */
@Injectable()
export class OwnSettings {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The reader with the programs that they take part in, as ownPrograms finds them. Null for one who is gone. */
  async read(
    publicationId: string,
    subscriberId: string,
    program: string | null,
  ): Promise<{ subscriber: PresentSubscriber; own: OwnPrograms | null } | null> {
    const subscriber = await findSubscriber(this.database.reader, publicationId, subscriberId);
    if (subscriber === null || !isPresent(subscriber)) return null;
    return { subscriber, own: await ownPrograms(this.database.reader, publicationId, subscriberId, program) };
  }

  /** Names of the rewards that would not reach the reader any more if they were erased now. */
  async unsentRewards(publicationId: string, subscriberId: string): Promise<string[]> {
    const grants = await grantsOf(this.database.reader, publicationId, subscriberId);
    return grants.filter(({ status }) => grantMayBecome(status, 'revoked')).map(({ rewardName }) => rewardName);
  }

  /** False for a reader who is gone. */
  change(publicationId: string, subscriberId: string, change: SettingsChange): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const known = await lockSubscriber(tx, publicationId, subscriberId);
      if (known === null || !isPresent(known)) return false;
      const now = this.clock.now();
      const { programMails, ...rest } = change;
      const muted = programMails === false ? (known.programMailsMutedAt ?? now) : null;
      const changes = { ...rest, ...(programMails === undefined ? {} : { programMailsMutedAt: muted }) };
      await updateSubscriber(tx, publicationId, subscriberId, changes, now);
      return true;
    });
  }
}
