import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { insertAppeal } from '../referrals/appeal.store.js';
import { findFriend, type FriendRow } from '../referrals/friend.store.js';
import { lockReferral } from '../referrals/referral.store.js';
import { holdReferral } from '../referrals/shown-referral.store.js';
import { findSubscriber } from '../subscribers/subscriber.store.js';
import { ChangeReferral } from './change-referral.js';
import { isAppealable } from './read-friends.js';

/** `asked`: it waits for a reviewer now. `before`: it was asked earlier, and is not asked again. `closed`: there is nothing to appeal. */
type Appealed = 'asked' | 'before' | 'closed';

/** A reader asks that a person looks again at a referral of theirs that was rejected. Once for each. */
@Injectable()
export class Appeal {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly changeReferral: ChangeReferral,
  ) {}

  /** Null when the referral is none of this reader's, or they may not know of it. */
  run(publicationId: string, subscriberId: string, id: string, words: string | null): Promise<Appealed | null> {
    return this.database.transaction((tx) => this.within(tx, publicationId, subscriberId, id, words));
  }

  private async within(
    tx: Tx,
    publicationId: string,
    subscriberId: string,
    id: string,
    words: string | null,
  ): Promise<Appealed | null> {
    const referral = await lockReferral(tx, publicationId, id);
    if (referral === null) return null;
    // Both people stay as they are until the words are committed: an erasure then finds them.
    await holdReferral(tx, publicationId, id);
    const friend = await findFriend(tx, publicationId, subscriberId, id);
    if (friend === null || (await this.isGone(tx, friend))) return null;
    if (friend.appealedAt !== null) return 'before';
    if (!isAppealable(friend)) return 'closed';
    const now = this.clock.now();
    await insertAppeal(tx, publicationId, { referralId: id, words, at: now });
    await this.changeReferral.within(tx, referral, { state: 'held', heldFor: 'review' }, 'reader', now);
    return 'asked';
  }

  private async isGone(tx: Tx, { publicationId, referrerSubscriberId }: FriendRow): Promise<boolean> {
    return (await findSubscriber(tx, publicationId, referrerSubscriberId))?.status === 'erased';
  }
}
