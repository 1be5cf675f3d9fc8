import { Injectable } from '@nestjs/common';
import { type FriendKind, friendKind, mayAppeal, statesOf } from '../domain/friend.js';
import { expiresAt } from '../domain/referral.js';
import { Database } from '../platform/database.js';
import { pageOf, type PageRequest } from '../platform/page.js';
import type { Program } from '../publications/publication.entities.js';
import { findFriend, type FriendRow, friendTally, listFriends } from '../referrals/friend.store.js';
import { type Rival, rivalsOf } from '../referrals/referral-click.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import { findSubscriber } from '../subscribers/subscriber.store.js';
import { type OwnPrograms, ownPrograms } from './own-programs.js';

const KINDS: readonly FriendKind[] = ['waiting', 'counted', 'refused'];
/** Of each kind, where all three are shown. */
const FIRST = 20;

export interface HubFriend extends FriendRow {
  confirmUntil: Date;
  mayAppeal: boolean;
  /** Links that the friend had opened too, and that lost to this one. */
  rivals: Rival[];
}

export type FriendTally = Record<FriendKind | 'total', number>;

/** A reader's referrals by kind, newest first; `older` is the cursor of the next page. */
export interface FriendsPage {
  subscriber: Subscriber;
  own: OwnPrograms;
  /** Whose friends these are; null where the reader takes part in one only. */
  program: Program | null;
  tally: FriendTally;
  sections: { kind: FriendKind; friends: HubFriend[]; older: string | null }[];
}

/** Reads whom a reader brought, and what became of each, as the reader may know it. */
@Injectable()
export class ReadFriends {
  constructor(private readonly database: Database) {}

  async newest(publicationId: string, participantId: string, limit: number): Promise<HubFriend[]> {
    const wanted = { states: KINDS.flatMap(statesOf), after: null, limit };
    return this.shown(publicationId, await listFriends(this.database.reader, publicationId, participantId, wanted));
  }

  async tally(publicationId: string, participantId: string): Promise<FriendTally> {
    const tally: FriendTally = { counted: 0, waiting: 0, refused: 0, total: 0 };
    for (const { state, count } of await friendTally(this.database.reader, publicationId, participantId)) {
      tally[friendKind(state)] += count;
      tally.total += count;
    }
    return tally;
  }

  /** In one program, the first where they are not in that of the slug: the beginning of each kind, or a page of one. Null when there is no such reader, an erased one, or none who takes part. */
  async page(
    publicationId: string,
    subscriberId: string,
    slug: string | null,
    one: { kind: FriendKind; page: PageRequest } | null,
  ): Promise<FriendsPage | null> {
    const subscriber = await findSubscriber(this.database.reader, publicationId, subscriberId);
    const own = await ownPrograms(this.database.reader, publicationId, subscriberId, slug);
    if (subscriber === null || subscriber.status === 'erased' || own === null) return null;
    const { programs, program, participant } = own;
    const sections = one === null ? KINDS.map((kind) => ({ kind, page: { limit: FIRST, after: null } })) : [one];
    const read = sections.map(async ({ kind, page }) => {
      const wanted = { states: statesOf(kind), after: page.after, limit: page.limit + 1 };
      const { data, nextCursor } = pageOf(
        await listFriends(this.database.reader, publicationId, participant.id, wanted),
        page,
      );
      return { kind, friends: await this.shown(publicationId, data), older: nextCursor };
    });
    return {
      subscriber,
      own,
      program: programs.length > 1 ? program : null,
      tally: await this.tally(publicationId, participant.id),
      sections: await Promise.all(read),
    };
  }

  /** One referral with its reader. Null when it is none of theirs, is not told to them, or they are gone. */
  async one(
    publicationId: string,
    subscriberId: string,
    id: string,
  ): Promise<{ subscriber: Subscriber; friend: HubFriend } | null> {
    const subscriber = await findSubscriber(this.database.reader, publicationId, subscriberId);
    const friend = await findFriend(this.database.reader, publicationId, subscriberId, id);
    if (subscriber === null || subscriber.status === 'erased' || friend === null) return null;
    const [shown] = await this.shown(publicationId, [friend]);
    return { subscriber, friend: shown! };
  }

  private async shown(publicationId: string, friends: readonly FriendRow[]): Promise<HubFriend[]> {
    const referred = friends.map(({ referredId }) => referredId);
    const rivals = await rivalsOf(this.database.reader, publicationId, referred);
    return friends.map((friend) => ({
      ...friend,
      confirmUntil: expiresAt(friend.createdAt),
      mayAppeal: isAppealable(friend),
      rivals: rivals.filter(({ referredId }) => referredId === friend.referredId),
    }));
  }
}

export function isAppealable(row: FriendRow): boolean {
  return mayAppeal({
    ...row,
    isAppealed: row.appealedAt !== null,
    isFriendErased: row.referredStatus === 'erased',
  });
}
