import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { DomainError } from '../domain/errors.js';
import type { StaffActor } from '../domain/permissions.js';
import type { Milestone, MilestoneBody } from '../milestones/milestone.entities.js';
import { archiveMilestone, bodyOf, changeMilestone, findMilestone } from '../milestones/milestone.store.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { getProgram, lockLadder } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { Audit } from './audit.js';
import { checkMilestone, refuseWhilePastRuns } from './check-milestone.js';
import { GrantPast } from './grant-past.js';

/** What is not there is not changed. */
export type MilestoneChange = { [Field in keyof MilestoneBody]?: MilestoneBody[Field] | undefined };

/**
 * An editor changes a milestone. What was granted by it stays, and what somebody has is not granted again; with `past: grant` the
 * others who are past it get theirs. Of two editors at once one is refused, whether or not they said which version they saw.
 */
@Injectable()
export class ChangeMilestone {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly grantPast: GrantPast,
    private readonly audit: Audit,
  ) {}

  /**
   * Throws `request/not-found`, `request/invalid`, `milestone/changed` and `milestone/past-running`.
   * @param seen the version that the editor saw; null: the present one
   */
  async run(
    program: Program,
    id: string,
    change: MilestoneChange,
    seen: number | null,
    by: StaffActor,
  ): Promise<Milestone> {
    const present = await inForce(this.database.reader, program, id);
    const expected = seen ?? present.version;
    return this.database.transaction(async (tx) => {
      await lockLadder(tx, program.publicationId, program.id, 'alone');
      return this.change(tx, await seenInForce(tx, program, { id, seen: expected }), change, by);
    });
  }

  private async change(tx: Tx, before: Milestone, change: MilestoneChange, by: StaffActor): Promise<Milestone> {
    const { publicationId, programId, id } = before;
    const after = changed(before, change, this.clock.now());
    const isSame = isDeepStrictEqual(bodyOf({ ...after, past: before.past }), bodyOf(before));
    if (isSame && after.past === 'ignore') return before;
    const program = await getProgram(tx, publicationId, programId);
    await refuseWhilePastRuns(tx, program, id);
    await checkMilestone(tx, program, after);
    await changeMilestone(tx, after, by.actor);
    const audited = { act: 'milestone.change', subject: { kind: 'milestone', id }, data: { version: after.version } };
    await this.audit.within(tx, publicationId, by, audited, after.changedAt);
    if (after.past === 'grant') await this.grantPast.begin(tx, program, after, after.changedAt);
    return after;
  }

  /**
   * Two milestones exchange their rewards and names, from now on; what is needed for each stays. Throws as run does.
   * @param seen the versions that the editor saw
   */
  async exchange(
    program: Program,
    [one, other]: readonly [{ id: string; seen: number }, { id: string; seen: number }],
    by: StaffActor,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      await lockLadder(tx, program.publicationId, program.id, 'alone');
      const [first, second] = [await seenInForce(tx, program, one), await seenInForce(tx, program, other)];
      await this.change(tx, first, { name: second.name, rewardId: second.rewardId }, by);
      await this.change(tx, second, { name: first.name, rewardId: first.rewardId }, by);
    });
  }

  /** Takes it out of force; its grants stay. Throws `request/not-found`. */
  archive(program: Program, id: string, by: StaffActor): Promise<void> {
    const { publicationId } = program;
    return this.database.transaction(async (tx) => {
      await lockLadder(tx, publicationId, program.id, 'alone');
      await inForce(tx, program, id);
      const now = this.clock.now();
      await archiveMilestone(tx, publicationId, id, now);
      await this.audit.within(
        tx,
        publicationId,
        by,
        { act: 'milestone.remove', subject: { kind: 'milestone', id } },
        now,
      );
    });
  }
}

/** The milestone as a change makes it. Unless said, nobody who is past it gets anything by it. */
export function changed(before: Milestone, change: MilestoneChange, now: Date): Milestone {
  const named = Object.fromEntries(
    Object.entries(change).filter(([, value]: [string, unknown]) => value !== undefined),
  );
  return { ...before, past: 'ignore', ...named, version: before.version + 1, changedAt: now };
}

/** As inForce. Throws `milestone/changed` where it is not any more as the editor saw it. */
async function seenInForce(tx: Tx, program: Program, { id, seen }: { id: string; seen: number }): Promise<Milestone> {
  const milestone = await inForce(tx, program, id);
  if (milestone.version === seen) return milestone;
  throw new DomainError('milestone/changed', `It is at version ${milestone.version}, and no longer at ${seen}`);
}

/** Throws `request/not-found` for one that is not, or not any more. */
export async function inForce(tx: Tx, program: Pick<Program, 'publicationId' | 'id'>, id: string): Promise<Milestone> {
  const milestone = await findMilestone(tx, program.publicationId, program.id, id);
  if (milestone === null || milestone.archivedAt !== null) {
    throw new DomainError('request/not-found', 'There is no such milestone');
  }
  return milestone;
}
