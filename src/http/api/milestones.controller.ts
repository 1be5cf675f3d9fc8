import { Body, Controller, Delete, Get, Headers, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { AddMilestone } from '../../flows/add-milestone.js';
import { ChangeMilestone, inForce } from '../../flows/change-milestone.js';
import { PreviewMilestone } from '../../flows/preview-milestone.js';
import type { Milestone } from '../../milestones/milestone.entities.js';
import { listMilestones, versionsOf } from '../../milestones/milestone.store.js';
import { pastRunsOf } from '../../milestones/past-run.store.js';
import { Database } from '../../platform/database.js';
import type { Program } from '../../publications/publication.entities.js';
import { findProgram } from '../../publications/program.store.js';
import { Actor, PublicationId } from '../authenticate.js';
import { Id, Slug } from './fields.js';
import {
  MilestoneAnswer,
  MilestoneChanges,
  MilestoneList,
  MilestonePreview,
  NewMilestone,
  PreviewAnswer,
  VersionList,
} from './milestones.schema.js';
import { Operation } from './operation.js';

@ApiTags('programs')
@Controller('api/v1/programs/:slug/milestones')
export class MilestonesController {
  constructor(
    private readonly database: Database,
    private readonly addMilestone: AddMilestone,
    private readonly changeMilestone: ChangeMilestone,
    private readonly previewMilestone: PreviewMilestone,
  ) {}

  @Get()
  @Operation({ summary: 'The ladder: milestones in force, lowest first', can: 'programs:read', answer: MilestoneList })
  async list(@PublicationId() publicationId: string, @Param('slug', { schema: Slug }) slug: string) {
    const program = await this.find(publicationId, slug);
    const ladder = await listMilestones(this.database.reader, publicationId, program.id);
    return { data: await this.answers(publicationId, ladder), nextCursor: null };
  }

  @Post()
  @Operation({
    summary: 'Add a milestone; with `past: grant` it is granted to everybody who is past it',
    can: 'programs:write',
    status: 201,
    answer: MilestoneAnswer,
  })
  async create(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('slug', { schema: Slug }) slug: string,
    @Body({ schema: NewMilestone }) body: z.infer<typeof NewMilestone>,
  ) {
    return this.answer(await this.addMilestone.run(await this.find(publicationId, slug), body, by));
  }

  @Post('preview')
  @Operation({
    summary: 'What granting a milestone, or a change of one, to those who are past it would do; nothing is written',
    can: 'programs:write',
    answer: PreviewAnswer,
  })
  async preview(
    @PublicationId() publicationId: string,
    @Param('slug', { schema: Slug }) slug: string,
    @Body({ schema: MilestonePreview }) { id, ...said }: z.infer<typeof MilestonePreview>,
  ) {
    const program = await this.find(publicationId, slug);
    const body = { past: 'grant' as const, ...said };
    return id === undefined
      ? this.previewMilestone.added(program, wholeMilestone(body))
      : this.previewMilestone.edited(program, id, body);
  }

  @Get(':id')
  @Operation({ summary: 'One milestone in force', can: 'programs:read', answer: MilestoneAnswer })
  async get(
    @PublicationId() publicationId: string,
    @Param('slug', { schema: Slug }) slug: string,
    @Param('id', { schema: Id }) id: string,
  ) {
    return this.answer(await inForce(this.database.reader, await this.find(publicationId, slug), id));
  }

  @Get(':id/versions')
  @Operation({
    summary: 'What a milestone said from when on, newest first; the latest 200',
    can: 'programs:read',
    answer: VersionList,
  })
  async versions(
    @PublicationId() publicationId: string,
    @Param('slug', { schema: Slug }) slug: string,
    @Param('id', { schema: Id }) id: string,
  ) {
    await inForce(this.database.reader, await this.find(publicationId, slug), id);
    const versions = await versionsOf(this.database.reader, publicationId, id);
    return {
      data: versions.map(({ version, rule, actor, at }) => ({ version, rule, actor, at: at.toISOString() })),
      nextCursor: null,
    };
  }

  @Patch(':id')
  @Operation({
    summary: 'Change what is named; what was granted stays, and with `past: grant` others who are past it get theirs',
    can: 'programs:write',
    answer: MilestoneAnswer,
    errors: ['milestone/changed', 'milestone/past-running'],
  })
  async update(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('slug', { schema: Slug }) slug: string,
    @Param('id', { schema: Id }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: MilestoneChanges }) { version, ...change }: z.infer<typeof MilestoneChanges>,
  ) {
    const seen = version ?? versionOf(ifMatch);
    return this.answer(await this.changeMilestone.run(await this.find(publicationId, slug), id, change, seen, by));
  }

  @Delete(':id')
  @Operation({ summary: 'Take a milestone out of force; its grants stay', can: 'programs:write', answer: null })
  async remove(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('slug', { schema: Slug }) slug: string,
    @Param('id', { schema: Id }) id: string,
  ) {
    await this.changeMilestone.archive(await this.find(publicationId, slug), id, by);
  }

  private async find(publicationId: string, slug: string): Promise<Program> {
    const program = await findProgram(this.database.reader, publicationId, slug);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    return program;
  }

  private async answer(milestone: Milestone): Promise<z.input<typeof MilestoneAnswer>> {
    const [answer] = await this.answers(milestone.publicationId, [milestone]);
    return answer!;
  }

  private async answers(publicationId: string, milestones: readonly Milestone[]) {
    const ids = milestones.map(({ id }) => id);
    const runs = new Map((await pastRunsOf(this.database.reader, publicationId, ids)).map((r) => [r.milestoneId, r]));
    return milestones.map((milestone): z.input<typeof MilestoneAnswer> => {
      const { publicationId: _, programId: __, archivedAt: ___, createdAt, changedAt, ...told } = milestone;
      const { state, granted, capped } = runs.get(milestone.id) ?? {};
      const pastRun = state === undefined ? null : { state, granted: granted ?? 0, capped: capped ?? 0 };
      return { ...told, pastRun, createdAt: createdAt.toISOString(), changedAt: changedAt.toISOString() };
    });
  }
}

/** Throws `request/invalid` for what a new milestone could not be, as the route that adds one does. */
function wholeMilestone(body: object): z.infer<typeof NewMilestone> {
  const parsed = NewMilestone.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new DomainError('request/invalid', undefined, problems);
}

/** Of `"3"` or `W/"3"`; null without the header, and for `*`. */
function versionOf(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch.trim())?.[1];
  if (version === undefined) throw new DomainError('milestone/changed', 'If-Match names no version of this milestone');
  return Number(version);
}
