import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../domain/permissions.js';
import type { Milestone, MilestoneBody } from '../milestones/milestone.entities.js';
import { insertMilestone } from '../milestones/milestone.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { getProgram, lockLadder } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { Audit } from './audit.js';
import { checkMilestone } from './check-milestone.js';
import { GrantPast } from './grant-past.js';

export type NewMilestone = Omit<MilestoneBody, 'cap' | 'audience'> & Partial<Pick<MilestoneBody, 'cap' | 'audience'>>;

/** A new rung of the ladder; with `past: grant` it is granted to everybody whose count is there already. */
@Injectable()
export class AddMilestone {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly grantPast: GrantPast,
    private readonly audit: Audit,
  ) {}

  /** Throws `request/invalid` for a stage that the program does not have, or a reward of another publication. */
  run(program: Program, added: NewMilestone, by: StaffActor): Promise<Milestone> {
    return this.database.transaction((tx) => this.within(tx, program, added, by));
  }

  /** As run. */
  async within(
    tx: Tx,
    { publicationId, id: programId }: Program,
    added: NewMilestone,
    by: StaffActor,
  ): Promise<Milestone> {
    const now = this.clock.now();
    const milestone: Milestone = {
      ...{ cap: null, audience: null, ...added },
      ...{
        publicationId,
        id: this.ids.next(),
        programId,
        version: 1,
        createdAt: now,
        changedAt: now,
        archivedAt: null,
      },
    };
    await lockLadder(tx, publicationId, programId, 'alone');
    const program = await getProgram(tx, publicationId, programId);
    await checkMilestone(tx, program, milestone);
    await insertMilestone(tx, milestone, by.actor);
    const subject = { kind: 'milestone', id: milestone.id };
    await this.audit.within(tx, publicationId, by, { act: 'milestone.add', subject }, now);
    if (milestone.past === 'grant') await this.grantPast.begin(tx, program, milestone, now);
    return milestone;
  }
}
