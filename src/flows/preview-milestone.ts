import { Injectable } from '@nestjs/common';
import { addMoney, type Money } from '../domain/money.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import { findReward } from '../milestones/reward.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { getProgram } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { subscribersById } from '../subscribers/subscriber.store.js';
import type { NewMilestone } from './add-milestone.js';
import { changed, inForce, type MilestoneChange } from './change-milestone.js';
import { checkMilestone } from './check-milestone.js';
import { PastCrossings } from './past-crossings.js';
import { type Crossing, type Planned, PlanGrants } from './plan-grants.js';
import { WorthOfGrant } from './worth-of-grant.js';

const SAMPLE = 10;

/** What granting a milestone to those who are past it would do at this moment. */
interface Preview {
  /** Grants with a reward. */
  grants: number;
  /** Grants above the cap, without one. */
  capped: number;
  /** Who gets at least one reward. */
  people: number;
  /** One sum for each currency; a grant whose worth nobody can tell yet adds nothing. */
  cost: Money[];
  sample: {
    subscriber: { id: string; email: string | null; firstName: string | null };
    occurrence: string;
    count: number | null;
  }[];
}

/** Shows whom a milestone would be granted to and what it would cost, before an editor makes it. It reads one snapshot and may not write. */
@Injectable()
export class PreviewMilestone {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly pastCrossings: PastCrossings,
    private readonly planGrants: PlanGrants,
    private readonly worthOfGrant: WorthOfGrant,
  ) {}

  /** A milestone that is not there yet. Throws `request/invalid`. */
  added(program: Program, body: NewMilestone): Promise<Preview> {
    const { publicationId, id: programId } = program;
    const now = this.clock.now();
    const dates = { createdAt: now, changedAt: now, archivedAt: null };
    const identity = { publicationId, id: this.ids.next(), programId, version: 1, ...dates };
    return this.preview(program, async () => ({ cap: null, audience: null, ...body, ...identity }));
  }

  /** A change of one that is. Throws `request/not-found` and `request/invalid`. */
  edited(program: Program, id: string, change: MilestoneChange): Promise<Preview> {
    return this.preview(program, async (tx) => changed(await inForce(tx, program, id), change, this.clock.now()));
  }

  private preview(known: Program, made: (tx: Tx) => Promise<Milestone>): Promise<Preview> {
    return this.database.transaction(async (tx) => {
      await tx.query('set transaction isolation level repeatable read, read only');
      const program = await getProgram(tx, known.publicationId, known.id);
      const milestone = await made(tx);
      await checkMilestone(tx, program, milestone);
      const preview: Preview = { grants: 0, capped: 0, people: 0, cost: [], sample: [] };
      if (milestone.past === 'ignore') return preview;
      const people = new Set<string>();
      let after: string | null = null;
      do {
        const { crossings, last } = await this.pastCrossings.after(tx, program, milestone, after, false);
        const planned = await this.planGrants.within(tx, program, milestone, crossings, this.clock.now(), false);
        await this.add(tx, preview, people, planned, milestone);
        after = last;
      } while (after !== null);
      return { ...preview, people: people.size };
    });
  }

  private async add(
    tx: Tx,
    preview: Preview,
    people: Set<string>,
    planned: readonly Planned[],
    milestone: Milestone,
  ): Promise<void> {
    const { publicationId } = milestone;
    const rewarded = planned.filter(({ capped }) => !capped).map(({ crossing }) => crossing);
    preview.grants += rewarded.length;
    preview.capped += planned.length - rewarded.length;
    for (const { subscriberId } of rewarded) people.add(subscriberId);
    preview.cost = await this.costOf(tx, preview.cost, rewarded, milestone);
    const shown = rewarded.slice(0, SAMPLE - preview.sample.length);
    const ids = shown.map(({ subscriberId }) => subscriberId);
    const named = new Map((await subscribersById(tx, publicationId, ids)).map((row) => [row.id, row]));
    for (const { subscriberId, occurrence, count } of shown) {
      const { id, email, firstName } = named.get(subscriberId)!;
      preview.sample.push({ subscriber: { id, email, firstName }, occurrence, count });
    }
  }

  private async costOf(
    tx: Tx,
    known: readonly Money[],
    crossings: readonly Crossing[],
    { publicationId, rewardId }: Milestone,
  ): Promise<Money[]> {
    const reward = await findReward(tx, publicationId, rewardId);
    if (reward === null) throw new Error('a milestone without a reward');
    const added: Money[] = [];
    for (const crossing of crossings) {
      const worth = await this.worthOfGrant.of(tx, { publicationId, ...crossing }, reward, null);
      if (typeof worth !== 'string' && worth.value !== null) added.push(worth.value);
    }
    return addMoney([...known, ...added]);
  }
}
