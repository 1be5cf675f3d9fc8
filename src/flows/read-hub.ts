import { Injectable } from '@nestjs/common';
import type { OwnWords } from '../domain/share-words.js';
import type { Reward } from '../milestones/reward.entities.js';
import { Database } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { latestContents } from '../publications/content.store.js';
import type { Content, Program } from '../publications/publication.entities.js';
import { verifiedByContent } from '../referrals/shown-referral.store.js';
import { countsOf } from '../referrals/stage.store.js';
import type { ParticipantCard } from '../subscribers/participant.store.js';
import { participationsIn } from '../subscribers/participation.store.js';
import { findSubscriber } from '../subscribers/subscriber.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import { type OwnPrograms, ownPrograms } from './own-programs.js';
import { type FriendTally, type HubFriend, ReadFriends } from './read-friends.js';
import { type HubGrant, type HubRung, ReadRewards } from './read-rewards.js';

const FRIENDS_SHOWN = 20;
const CONTENTS_SHOWN = 6;

/** All that the page of a reader tells. */
export interface Hub {
  subscriber: Subscriber;
  own: OwnPrograms;
  program: Program;
  count: number;
  shareUrl: string;
  /** What the reader says to friends instead of the program's words. */
  ownWords: OwnWords;
  ladder: HubRung[];
  /** Grants of milestones that are not on the ladder, and prizes. */
  others: (HubGrant & { reward: Reward })[];
  friends: HubFriend[];
  tally: FriendTally;
  contents: { content: Content; shareUrl: string; friends: number }[];
}

/** Reads a reader's page in one of the programs that they take part in. */
@Injectable()
export class ReadHub {
  constructor(
    private readonly database: Database,
    private readonly links: Links,
    private readonly readFriends: ReadFriends,
    private readonly readRewards: ReadRewards,
  ) {}

  /**
   * Null when there is no such reader, an erased one, or none who takes part. Where they do not take part in the program that
   * is asked for, the first one is shown.
   */
  async run(publicationId: string, subscriberId: string, slug: string | null = null): Promise<Hub | null> {
    const tx = this.database.reader;
    const subscriber = await findSubscriber(tx, publicationId, subscriberId);
    if (subscriber === null || subscriber.status === 'erased') return null;
    const own = await ownPrograms(tx, publicationId, subscriberId, slug);
    if (own === null) return null;
    const { programs, program, participant } = own;
    const counts = await countsOf(tx, publicationId, [participant.id], 'verified');
    const count = counts.find(({ season }) => season === program.season)?.count ?? 0;
    const participations = await participationsIn(tx, publicationId, subscriberId);
    const elsewhere = new Set(programs.map(({ id }) => id).filter((id) => id !== program.id));
    return {
      subscriber,
      own,
      program,
      count,
      shareUrl: this.links.share(participant.code),
      ownWords: participations.find(({ id }) => id === participant.id)?.shareWords ?? {},
      ...(await this.readRewards.of(program, participant, count, elsewhere)),
      friends: await this.readFriends.newest(publicationId, participant.id, FRIENDS_SHOWN),
      tally: await this.readFriends.tally(publicationId, participant.id),
      contents: await this.contents(publicationId, participant),
    };
  }

  private async contents(publicationId: string, participant: ParticipantCard): Promise<Hub['contents']> {
    const contents = await latestContents(this.database.reader, publicationId, CONTENTS_SHOWN);
    const verified = await verifiedByContent(this.database.reader, publicationId, participant.id);
    return contents.map((content) => ({
      content,
      shareUrl: this.links.share(participant.code, content.slug),
      friends: verified.find(({ contentId }) => contentId === content.id)?.count ?? 0,
    }));
  }
}
