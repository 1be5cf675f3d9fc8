import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { stagesOfMilestones } from '../../domain/stages.js';
import { AddMilestone } from '../../flows/add-milestone.js';
import { ChangeMilestone, inForce } from '../../flows/change-milestone.js';
import type { Milestone } from '../../milestones/milestone.entities.js';
import { versionsOf } from '../../milestones/milestone.store.js';
import { listRewards, rewardsById } from '../../milestones/reward.store.js';
import { Database } from '../../platform/database.js';
import type { Program } from '../../publications/publication.entities.js';
import { listActors } from '../../staff/audit.store.js';
import { Id, Slug } from '../api/fields.js';
import { NewMilestone } from '../api/milestones.schema.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import {
  bodyTyped, conditionsTyped, conditionViews, fieldsOf, FINE, MilestoneForm, problemsIn, typedOf, USUAL_FIELDS, withEmptyLine,
} from './milestone-form.js'; // prettier-ignore
import { MilestoneImpact } from './milestone-impact.js';
import type { ConditionView, MilestoneView } from './milestone-views.js';
import { ProgramQuery, sayRefusal } from './milestones-page.controller.js';
import { programOfPage } from './program-tabs.js';
import { StaffPages } from './staff-pages.js';

/** As many rewards as one may choose from. */
const MOST_REWARDS = 200;
const OneQuery = ProgramQuery.extend({ from: z.coerce.number().int().positive().optional().catch(undefined) });
const OneForm = MilestoneForm.extend({ program: Slug });
type OneForm = z.infer<typeof OneForm>;

/** What the form of a milestone shows, beside what the database knows. */
interface Shown {
  typed: MilestoneView['typed'];
  conditions: readonly ConditionView[];
  problems: MilestoneView['problems'];
  from: number | null;
}

/** One milestone: typed, looked at for what it would do, and only then saved. */
@ApiExcludeController()
@Controller('admin/p/:publication/milestones')
export class MilestonePageController {
  constructor(
    private readonly database: Database,
    private readonly addMilestone: AddMilestone,
    private readonly changeMilestone: ChangeMilestone,
    private readonly impact: MilestoneImpact,
    private readonly staffPages: StaffPages,
  ) {}

  @Get('new')
  @StaffCan('programs:write')
  async blank(
    @Desk() desk: DeskVisit,
    @Query({ schema: ProgramQuery }) query: z.infer<typeof ProgramQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { program } = await programOfPage(this.database.reader, desk.workplace.id, query.program);
    const shown = { typed: USUAL_FIELDS, conditions: [], problems: FINE, from: null };
    return this.form(desk, program, null, shown, request, reply);
  }

  @Post('new')
  @StaffCan('programs:write')
  async add(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Body({ schema: OneForm }) form: OneForm,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.take(desk, null, form, by, request, reply);
  }

  @Get(':id')
  @StaffCan('programs:read')
  async show(
    @Desk() desk: DeskVisit,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: OneQuery }) query: z.infer<typeof OneQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const tx = this.database.reader;
    const { program } = await programOfPage(tx, desk.workplace.id, query.program);
    const milestone = await inForce(tx, program, id);
    const old = (await versionsOf(tx, desk.workplace.id, id)).find(({ version }) => version === query.from);
    const body = old?.rule ?? milestone;
    const conditions = conditionViews(body.audience);
    const shown = { typed: fieldsOf(body), conditions, problems: FINE, from: old?.version ?? null };
    return this.form(desk, program, milestone, shown, request, reply);
  }

  @Post(':id')
  @StaffCan('programs:write')
  async change(
    @Desk() desk: DeskVisit,
    @Actor() by: StaffActor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: OneForm }) form: OneForm,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.take(desk, id, form, by, request, reply);
  }

  private async take(
    desk: DeskVisit,
    id: string | null,
    form: OneForm,
    by: StaffActor,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const tx = this.database.reader;
    const { program } = await programOfPage(tx, desk.workplace.id, form.program);
    const milestone = id === null ? null : await inForce(tx, program, id);
    const shown = { typed: typedOf(form), conditions: conditionsTyped(form), from: null };
    if (form.act === 'edit') return this.form(desk, program, milestone, { ...shown, problems: FINE }, request, reply);
    const parsed = NewMilestone.safeParse(bodyTyped(form));
    try {
      if (!parsed.success) throw new DomainError('request/invalid', undefined, parsed.error.issues.map(problemOf));
      if (form.act === 'preview') {
        const view = await this.impact.of(desk.workplace.slug, program, milestone, parsed.data, form);
        return await this.staffPages.send(request, reply, 'milestone-impact', view);
      }
      return await this.save(desk, program, milestone, parsed.data, form, by, reply);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'request/invalid') throw error;
      const problems = problemsIn(error.problems);
      return this.form(desk, program, milestone, { ...shown, problems }, request, reply);
    }
  }

  private async save(
    { workplace }: DeskVisit,
    program: Program,
    milestone: Milestone | null,
    body: z.infer<typeof NewMilestone>,
    form: OneForm,
    by: StaffActor,
    reply: FastifyReply,
  ) {
    const ladder = `/admin/p/${workplace.slug}/milestones`;
    if (milestone === null) {
      await this.addMilestone.run(program, body, by);
      return this.staffPages.goOn(reply, `${ladder}?program=${program.slug}`, `milestone-added-${body.past}`);
    }
    const { id } = milestone;
    const seen = Number(form.version);
    const said = await sayRefusal(() => this.changeMilestone.run(program, id, body, seen, by));
    if (said !== null) {
      return this.staffPages.goOn(reply, `${ladder}/${id}?program=${program.slug}`, said, {}, 'warn');
    }
    return this.staffPages.goOn(reply, `${ladder}?program=${program.slug}`, `milestone-saved-${body.past}`);
  }

  private async form(
    desk: DeskVisit,
    program: Program,
    milestone: Milestone | null,
    { typed, conditions, problems, from }: Shown,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const rewards = await listRewards(this.database.reader, desk.workplace.id, { after: null, limit: MOST_REWARDS });
    const view: MilestoneView = {
      program: { slug: program.slug, name: program.name },
      id: milestone?.id ?? null,
      version: milestone?.version ?? 0,
      from,
      typed,
      conditions: withEmptyLine(conditions),
      problems,
      stages: stagesOfMilestones(program.stages),
      rewards: rewards.map(({ id, name, kind }) => ({ id, name, kind })),
      versions: milestone === null ? [] : await this.versions(milestone),
      mayChange: mayAt(desk, 'programs:write'),
    };
    const isWrong = Object.values(problems).some((problem) => problem !== null);
    return this.staffPages.send(request, reply, 'milestone', view, isWrong ? 422 : 200);
  }

  private async versions({ publicationId, id, version: current }: Milestone): Promise<MilestoneView['versions']> {
    const tx = this.database.reader;
    const versions = await versionsOf(tx, publicationId, id);
    const rewardIds = versions.map(({ rule }) => rule.rewardId);
    const rewards = new Map((await rewardsById(tx, publicationId, rewardIds)).map(({ id: of, name }) => [of, name]));
    const actors = new Map((await listActors(tx, publicationId)).map(({ actor, name }) => [actor, name]));
    return versions.map(({ version, rule: { threshold, every, stage, rewardId, past }, actor, at }) => ({
      ...{ version, threshold, every, stage, past, at },
      who: actors.get(actor) ?? actor,
      reward: rewards.get(rewardId)!,
      current: version === current,
    }));
  }
}

function problemOf({ path }: z.core.$ZodIssue): { path: string; message: string } {
  return { path: path.join('.'), message: '' };
}
