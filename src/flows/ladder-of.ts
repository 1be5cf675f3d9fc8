import { Injectable } from '@nestjs/common';
import { ladderFor } from '../domain/milestones.js';
import { hadOnce } from '../milestones/holding.store.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import { listMilestones } from '../milestones/milestone.store.js';
import type { Tx } from '../platform/database.js';
import type { Program } from '../publications/publication.entities.js';
import { audienceFactsOf } from '../subscribers/audience.store.js';

const NOTHING: ReadonlySet<string> = new Set();

type OfEach = (subscriberId: string) => Milestone[];

/** The ladder on verified referrals as people see it who climb it: what they may still get, or got in this season. */
@Injectable()
export class LadderOf {
  /** Answers the ladder of each of these subscribers. */
  async people(
    tx: Tx,
    program: Pick<Program, 'publicationId' | 'id' | 'season'>,
    subscriberIds: readonly string[],
  ): Promise<OfEach> {
    return (await this.read(tx, program))(subscriberIds);
  }

  /** As people, for many one after the other: the ladder is read once, and people only where it differs between them. */
  async read(
    tx: Tx,
    { publicationId, id, season }: Pick<Program, 'publicationId' | 'id' | 'season'>,
  ): Promise<(subscriberIds: readonly string[]) => Promise<OfEach>> {
    const ladder = (await listMilestones(tx, publicationId, id)).filter(({ stage }) => stage === 'verified');
    const chooses = ladder.some(({ audience }) => audience !== null);
    const once = ladder.filter(({ every, recipient }) => every === null && recipient === 'referrer');
    const onceIds = season === 1 ? [] : once.map((milestone) => milestone.id);
    if (!chooses && onceIds.length === 0) return () => Promise.resolve(() => ladder);
    return async (people) => {
      const facts = chooses ? await audienceFactsOf(tx, publicationId, people) : null;
      const had = await hadOnce(tx, publicationId, onceIds, people, season);
      return (person) => ladderFor(ladder, { facts: facts?.get(person) ?? {}, had: had.get(person) ?? NOTHING });
    };
  }
}
