import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { ChangeMilestone } from '../../flows/change-milestone.js';
import { listMilestones } from '../../milestones/milestone.store.js';
import { pastRunsOf } from '../../milestones/past-run.store.js';
import { Database } from '../../platform/database.js';
import { Id, Slug } from '../api/fields.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import type { MilestonesView, RungView } from './milestone-views.js';
import { programOfPage } from './program-tabs.js';
import { rewardsOf, rungOf } from './rungs.js';
import { StaffPages } from './staff-pages.js';

export const ProgramQuery = z.object({ program: Slug.catch('default') });
const Seen = z.coerce.number().int().positive();
const ExchangeForm = z.object({ program: Slug, one: Id, oneSeen: Seen, other: Id, otherSeen: Seen });
const RemoveForm = z.object({ program: Slug });

/** The ladder of a program: what there is for how many friends. */
@ApiExcludeController()
@Controller('admin/p/:publication/milestones')
export class MilestonesPageController {
  constructor(
    private readonly database: Database,
    private readonly changeMilestone: ChangeMilestone,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('programs:read')
  async list(
    @Desk() desk: DeskVisit,
    @Query({ schema: ProgramQuery }) query: z.infer<typeof ProgramQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { id } = desk.workplace;
    const { program, tabs } = await programOfPage(this.database.reader, id, query.program);
    const rungs = await this.rungs(id, program.id);
    const ladder = rungs.filter(({ recipient }) => recipient === 'referrer');
    const view: MilestonesView = {
      program: { slug: program.slug, name: program.name },
      programs: tabs,
      ladder: ladder.map((rung, n) => ({
        ...rung,
        moves: [...moveTo('up', ladder[n - 1]), ...moveTo('down', ladder[n + 1])],
      })),
      friends: rungs.filter(({ recipient }) => recipient === 'referred'),
      mayChange: mayAt(desk, 'programs:write'),
    };
    return this.staffPages.send(request, reply, 'milestones', view);
  }

  /** The rewards of two rungs change places. */
  @Post('exchange')
  @StaffCan('programs:write')
  async exchange(
    @Desk() { workplace }: DeskVisit,
    @Actor() by: StaffActor,
    @Body({ schema: ExchangeForm }) form: z.infer<typeof ExchangeForm>,
    @Res() reply: FastifyReply,
  ) {
    const { program } = await programOfPage(this.database.reader, workplace.id, form.program);
    const pair = [
      { id: form.one, seen: form.oneSeen },
      { id: form.other, seen: form.otherSeen },
    ] as const;
    const path = `/admin/p/${workplace.slug}/milestones?program=${program.slug}`;
    const said = await sayRefusal(() => this.changeMilestone.exchange(program, pair, by));
    return this.staffPages.goOn(reply, path, said ?? 'rewards-exchanged', {}, said === null ? 'good' : 'warn');
  }

  @Post(':id/remove')
  @StaffCan('programs:write')
  async remove(
    @Desk() { workplace }: DeskVisit,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: RemoveForm }) form: z.infer<typeof RemoveForm>,
    @Res() reply: FastifyReply,
  ) {
    const { program } = await programOfPage(this.database.reader, workplace.id, form.program);
    await this.changeMilestone.archive(program, id, by);
    const path = `/admin/p/${workplace.slug}/milestones?program=${program.slug}`;
    return this.staffPages.goOn(reply, path, 'milestone-removed');
  }

  private async rungs(publicationId: string, programId: string): Promise<RungView[]> {
    const tx = this.database.reader;
    const milestones = await listMilestones(tx, publicationId, programId);
    const rewards = await rewardsOf(tx, publicationId, milestones);
    const ids = milestones.map(({ id }) => id);
    const runs = new Map((await pastRunsOf(tx, publicationId, ids)).map((run) => [run.milestoneId, run]));
    return milestones.map((milestone) => {
      const { id, version } = milestone;
      const { state, granted = 0, capped = 0 } = runs.get(id) ?? {};
      const pastRun = state === undefined ? null : { state, granted, capped };
      return { ...rungOf(milestone, rewards), id, version, pastRun };
    });
  }
}

function moveTo(way: 'up' | 'down', neighbour: RungView | undefined) {
  if (neighbour === undefined) return [];
  const { id, version, threshold } = neighbour;
  return [{ way, id, version, threshold }];
}

/** Null when it was done, else the key of what is said of a change that somebody else's stood in the way of. */
export async function sayRefusal(change: () => Promise<unknown>): Promise<string | null> {
  try {
    await change();
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === 'milestone/changed') return 'milestone-changed';
    if (error.code === 'milestone/past-running') return 'milestone-past-running';
    throw error;
  }
}
