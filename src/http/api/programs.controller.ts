import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { ChangeProgram } from '../../flows/change-program.js';
import { CreateProgram } from '../../flows/create-program.js';
import { Database } from '../../platform/database.js';
import { Links } from '../../platform/links.js';
import type { Program } from '../../publications/publication.entities.js';
import { findProgram, listPrograms } from '../../publications/program.store.js';
import { getPublication } from '../../publications/publication.store.js';
import { Actor, PublicationId } from '../authenticate.js';
import { Slug } from './fields.js';
import { Operation } from './operation.js';
import { accessAnswer, accessAnswers } from './program-access.schema.js';
import { NewProgram, ProgramAnswer, ProgramChanges, ProgramList } from './programs.schema.js';

@ApiTags('programs')
@Controller('api/v1/programs')
export class ProgramsController {
  constructor(
    private readonly database: Database,
    private readonly changeProgram: ChangeProgram,
    private readonly createProgram: CreateProgram,
    private readonly links: Links,
  ) {}

  @Get()
  @Operation({ summary: 'All programs, `default` first', can: 'programs:read', answer: ProgramList })
  async list(@PublicationId() publicationId: string) {
    const programs = await listPrograms(this.database.reader, publicationId);
    const { slug: publication } = await getPublication(this.database.reader, publicationId);
    return { data: programs.map((program) => this.answer(publication, program)), nextCursor: null };
  }

  @Post()
  @Operation({
    summary: 'A further program, with share links and a ladder of its own',
    can: 'programs:write',
    status: 201,
    answer: ProgramAnswer,
    errors: ['program/slug-taken', 'program/too-many'],
  })
  async create(
    @PublicationId() publicationId: string,
    @Body({ schema: NewProgram }) { slug, ...settings }: z.infer<typeof NewProgram>,
    @Actor() by: StaffActor,
  ) {
    return this.answerIn(publicationId, await this.createProgram.run(publicationId, slug, settings, by));
  }

  @Get(':slug')
  @Operation({ summary: 'One program', can: 'programs:read', answer: ProgramAnswer })
  async get(@PublicationId() publicationId: string, @Param('slug', { schema: Slug }) slug: string) {
    return this.answerIn(publicationId, await this.find(publicationId, slug));
  }

  @Patch(':slug')
  @Operation({
    summary: 'Change what is named',
    can: 'programs:write',
    answer: ProgramAnswer,
    errors: ['program/stage-in-use'],
  })
  async update(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('slug', { schema: Slug }) slug: string,
    @Body({ schema: ProgramChanges }) body: z.infer<typeof ProgramChanges>,
  ) {
    return this.answerIn(publicationId, await this.changeProgram.run(publicationId, slug, body, by));
  }

  private async answerIn(publicationId: string, program: Program) {
    return this.answer((await getPublication(this.database.reader, publicationId)).slug, program);
  }

  private answer(publication: string, program: Program): z.input<typeof ProgramAnswer> {
    const pageUrl = program.access === 'invite' ? null : this.links.program(publication, program.slug);
    return { ...programAnswer(program), ...accessAnswer(program, pageUrl) };
  }

  private async find(publicationId: string, slug: string): Promise<Program> {
    const program = await findProgram(this.database.reader, publicationId, slug);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    return program;
  }
}

function programAnswer(program: Program): Omit<z.input<typeof ProgramAnswer>, keyof typeof accessAnswers> {
  const {
    id,
    slug,
    name,
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
    landingUrl,
    attribution: { model: attributionModel, windowDays: attributionWindowDays },
    verification: { doubleOptIn, holdDays, requireEngagement },
    fraud: { level: fraudLevel },
    delivery:
      deliveryWhen === 'immediate'
        ? { when: 'immediate' }
        : { when: 'scheduled', cron: deliveryCron ?? '', timezone: deliveryTimezone ?? 'UTC' },
    stages: program.stages,
    createdAt: program.createdAt.toISOString(),
  };
}
