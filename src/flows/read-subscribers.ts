import { Injectable } from '@nestjs/common';
import { nextMilestone } from '../domain/milestones.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import { Database } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { listPrograms } from '../publications/program.store.js';
import type { Program, Publication } from '../publications/publication.entities.js';
import { type ReferrerOf, referrersOf } from '../referrals/shown-referral.store.js';
import { countsOf, type StageStanding } from '../referrals/stage.store.js';
import { type ParticipantCard, participantsOf } from '../subscribers/participant.store.js';
import type { Subscriber } from '../subscribers/subscriber.entities.js';
import { LadderOf } from './ladder-of.js';

export interface Participation {
  program: string;
  shareCode: string;
  shareUrl: string;
  footerUrl: string;
  /** Verified referrals of the current season. */
  referralCount: number;
  lifetimeReferralCount: number;
  nextMilestone: { id: string; name: string; remaining: number } | null;
}

/** A reader with what they have in the programs of the publication, the one called `default` first. */
export interface SubscriberWithStanding {
  subscriber: Subscriber;
  participations: Participation[];
  referredBy: ReferrerOf | null;
}

/** Reads readers as the API shows them: a fixed number of statements, however many they are. */
@Injectable()
export class ReadSubscribers {
  constructor(
    private readonly database: Database,
    private readonly links: Links,
    private readonly ladderOf: LadderOf,
  ) {}

  async run(publication: Publication, subscribers: readonly Subscriber[]): Promise<SubscriberWithStanding[]> {
    if (subscribers.length === 0) return [];
    const tx = this.database.reader;
    const ids = subscribers.map(({ id }) => id);
    const programs = await listPrograms(tx, publication.id);
    const ladders = new Map<string, (subscriberId: string) => Milestone[]>();
    for (const program of programs) ladders.set(program.id, await this.ladderOf.people(tx, program, ids));
    const participants = await participantsOf(tx, publication.id, ids);
    const counts = await countsOf(
      tx,
      publication.id,
      participants.map(({ id }) => id),
      'verified',
    );
    const referrers = await referrersOf(tx, publication.id, ids);
    return subscribers.map((subscriber) => ({
      subscriber,
      participations: programs.flatMap((program) =>
        participants
          .filter((participant) => participant.subscriberId === subscriber.id && participant.programId === program.id)
          .map((participant) =>
            this.participation(program, participant, counts, ladders.get(program.id)?.(subscriber.id) ?? []),
          ),
      ),
      referredBy: referrers.find(({ referredId }) => referredId === subscriber.id) ?? null,
    }));
  }

  private participation(
    program: Program,
    participant: ParticipantCard,
    counts: StageStanding[],
    ladder: Milestone[],
  ): Participation {
    const own = counts.filter(({ participantId }) => participantId === participant.id);
    const referralCount = own.find(({ season }) => season === program.season)?.count ?? 0;
    return {
      program: program.slug,
      shareCode: participant.code,
      shareUrl: this.links.share(participant.code),
      footerUrl: this.links.footer(participant.code),
      referralCount,
      lifetimeReferralCount: own.reduce((sum, { count }) => sum + count, 0),
      nextMilestone: nextMilestone(ladder, referralCount),
    };
  }
}
