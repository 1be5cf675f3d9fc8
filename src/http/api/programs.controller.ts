import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { AddMilestone } from '../../flows/add-milestone.js';
import { ChangeProgram } from '../../flows/change-program.js';
import type { Milestone } from '../../milestones/milestone.entities.js';
import { archiveMilestone, findMilestone, listMilestones, renameMilestone } from '../../milestones/milestone.store.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import type { Program } from '../../publications/publication.entities.js';
import { findProgram, listPrograms } from '../../publications/program.store.js';
import { PublicationId } from '../authenticate.js';
import { Id, Slug } from './fields.js';
import { Operation } from './operation.js';
import {
  MilestoneAnswer,
  MilestoneChanges,
  MilestoneList,
  NewMilestone,
  ProgramAnswer,
  ProgramChanges,
  ProgramList,
} from './programs.schema.js';

@ApiTags('programs')
@Controller('api/v1/programs')
export class ProgramsController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly addMilestone: AddMilestone,
    private readonly changeProgram: ChangeProgram,
  ) {}

  @Get()
  @Operation({ summary: 'All programs, `default` first', can: 'programs:read', answer: ProgramList })
  async list(@PublicationId() publicationId: string) {
    return { data: (await listPrograms(this.database.reader, publicationId)).map(programAnswer), nextCursor: null };
  }

  @Get(':slug')
  @Operation({ summary: 'One program', can: 'programs:read', answer: ProgramAnswer })
  async get(@PublicationId() publicationId: string, @Param('slug', { schema: Slug }) slug: string) {
    return programAnswer(await this.find(publicationId, slug));
  }

  @Patch(':slug')
  @Operation({ summary: 'Change what is named', can: 'programs:write', answer: ProgramAnswer })
  async update(
    @PublicationId() publicationId: string,
    @Param('slug', { schema: Slug }) slug: string,
    @Body({ schema: ProgramChanges }) body: z.infer<typeof ProgramChanges>,
  ) {
    return programAnswer(await this.changeProgram.run(publicationId, slug, body));
  }

  @Get(':slug/milestones')
  @Operation({ summary: 'The ladder: milestones in force, lowest first', can: 'programs:read', answer: MilestoneList })
  async listMilestones(@PublicationId() publicationId: string, @Param('slug', { schema: Slug }) slug: string) {
    const program = await this.find(publicationId, slug);
    return {
      data: (await listMilestones(this.database.reader, publicationId, program.id)).map(milestoneAnswer),
      nextCursor: null,
    };
  }

  @Post(':slug/milestones')
  @Operation({
    summary: 'Add a milestone; with `past: grant` it is granted to everybody who is past it',
    can: 'programs:write',
    status: 201,
    answer: MilestoneAnswer,
  })
  async createMilestone(
    @PublicationId() publicationId: string,
    @Param('slug', { schema: Slug }) slug: string,
    @Body({ schema: NewMilestone }) body: z.infer<typeof NewMilestone>,
  ) {
    const { cap: _, audience: __, ...milestone } = body;
    return milestoneAnswer(await this.addMilestone.run(await this.find(publicationId, slug), milestone));
  }

  @Patch(':slug/milestones/:id')
  @Operation({ summary: 'Rename a milestone', can: 'programs:write', answer: MilestoneAnswer })
  async updateMilestone(
    @PublicationId() publicationId: string,
    @Param('slug', { schema: Slug }) slug: string,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: MilestoneChanges }) body: z.infer<typeof MilestoneChanges>,
  ) {
    const milestone = await this.milestone(publicationId, slug, id);
    if (body.name !== undefined) {
      const { name } = body;
      await this.database.transaction((tx) => renameMilestone(tx, publicationId, id, name));
    }
    return milestoneAnswer({ ...milestone, ...body });
  }

  @Delete(':slug/milestones/:id')
  @Operation({ summary: 'Take a milestone out of force; its grants stay', can: 'programs:write', answer: null })
  async removeMilestone(
    @PublicationId() publicationId: string,
    @Param('slug', { schema: Slug }) slug: string,
    @Param('id', { schema: Id }) id: string,
  ) {
    await this.milestone(publicationId, slug, id);
    await this.database.transaction((tx) => archiveMilestone(tx, publicationId, id, this.clock.now()));
  }

  private async find(publicationId: string, slug: string): Promise<Program> {
    const program = await findProgram(this.database.reader, publicationId, slug);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    return program;
  }

  private async milestone(publicationId: string, slug: string, id: string): Promise<Milestone> {
    const program = await this.find(publicationId, slug);
    const milestone = await findMilestone(this.database.reader, publicationId, program.id, id);
    if (milestone === null || milestone.archivedAt !== null) {
      throw new DomainError('request/not-found', 'There is no such milestone');
    }
    return milestone;
  }
}

function programAnswer(program: Program): z.input<typeof ProgramAnswer> {
  const {
    id,
    slug,
    name,
    access,
    landingUrl,
    attributionModel,
    attributionWindowDays,
    doubleOptIn,
    holdDays,
    requireEngagement,
    fraudLevel,
    deliveryWhen,
    deliveryCron,
    deliveryTimezone,
  } = program;
  return {
    id,
    slug,
    name,
    access,
    landingUrl,
    attribution: { model: attributionModel, windowDays: attributionWindowDays },
    verification: { doubleOptIn, holdDays, requireEngagement },
    fraud: { level: fraudLevel },
    delivery:
      deliveryWhen === 'immediate'
        ? { when: 'immediate' }
        : { when: 'scheduled', cron: deliveryCron ?? '', timezone: deliveryTimezone ?? 'UTC' },
    createdAt: program.createdAt.toISOString(),
  };
}

function milestoneAnswer(milestone: Milestone): z.input<typeof MilestoneAnswer> {
  const { publicationId: _, programId: __, archivedAt: ___, createdAt, ...told } = milestone;
  return { ...told, createdAt: createdAt.toISOString() };
}
