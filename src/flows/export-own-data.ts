import { Injectable } from '@nestjs/common';
import { sharesOf } from '../clicks/share.store.js';
import { eventsOf } from '../events/inbound-event.store.js';
import { mailsTo } from '../mail/outbox.store.js';
import { addressesGivenBy } from '../milestones/address.store.js';
import { grantsOf } from '../milestones/grant.store.js';
import { entriesOf } from '../milestones/ledger.store.js';
import { Database, type Tx } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { listPrograms } from '../publications/program.store.js';
import { listAdjustments } from '../referrals/adjustment.store.js';
import { findReferralOf } from '../referrals/shown-referral.store.js';
import { signupIpOf } from '../referrals/signal.store.js';
import { countsOf } from '../referrals/stage.store.js';
import { addressesOf } from '../subscribers/erasure.store.js';
import { consentsOf, opinionOf } from '../subscribers/own-data.store.js';
import { participantsOf } from '../subscribers/participant.store.js';
import { participationsIn } from '../subscribers/participation.store.js';
import { findSubscriber, isPresent } from '../subscribers/subscriber.store.js';
import { ReadFriends } from './read-friends.js';

/** More than anybody has: one file holds them all. */
const ALL = 1_000_000;

/** All that is known of a reader, for the reader (GDPR, articles 15 and 20). */
export type OwnData = NonNullable<Awaited<ReturnType<ExportOwnData['run']>>>;

/** Collects what erasing a reader would take away, and what they brought and were given. */
@Injectable()
export class ExportOwnData {
  constructor(
    private readonly database: Database,
    private readonly links: Links,
    private readonly readFriends: ReadFriends,
  ) {}

  /** Null for a reader who is gone. */
  async run(publicationId: string, subscriberId: string) {
    const tx = this.database.reader;
    const subscriber = await findSubscriber(tx, publicationId, subscriberId);
    if (subscriber === null || !isPresent(subscriber)) return null;
    return {
      subscriber,
      addresses: await addressesOf(tx, publicationId, subscriberId),
      consents: await consentsOf(tx, publicationId, subscriberId),
      signup: await signupIpOf(tx, publicationId, subscriberId),
      opinion: await opinionOf(tx, publicationId, subscriberId),
      events: await eventsOf(tx, publicationId, subscriberId),
      programs: await this.programs(tx, publicationId, subscriberId),
      adjustments: await listAdjustments(tx, publicationId, subscriberId, { after: null, limit: ALL }),
      referredBy: await findReferralOf(tx, publicationId, subscriberId),
      grants: await grantsOf(tx, publicationId, subscriberId),
      ledger: await entriesOf(tx, publicationId, subscriberId),
      shipping: await addressesGivenBy(tx, publicationId, subscriberId),
      mails: await mailsTo(tx, publicationId, subscriberId),
    };
  }

  private async programs(tx: Tx, publicationId: string, subscriberId: string) {
    const cards = await participantsOf(tx, publicationId, [subscriberId]);
    const programs = await listPrograms(tx, publicationId);
    const read = async (participation: Awaited<ReturnType<typeof participationsIn>>[number]) => {
      const { id, programId } = participation;
      const code = cards.find((card) => card.id === id)?.code;
      return {
        participation,
        program: programs.find((program) => program.id === programId)!,
        shareUrl: code === undefined ? null : this.links.share(code),
        counts: await countsOf(tx, publicationId, [id], 'verified'),
        shares: await sharesOf(tx, publicationId, id),
        friends: await this.readFriends.newest(publicationId, id, ALL),
      };
    };
    const all = [];
    for (const participation of await participationsIn(tx, publicationId, subscriberId)) {
      all.push(await read(participation));
    }
    return all;
  }
}
