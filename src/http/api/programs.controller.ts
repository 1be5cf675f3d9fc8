import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { ChangeProgram } from '../../flows/change-program.js';
import { Database } from '../../platform/database.js';
import type { Program } from '../../publications/publication.entities.js';
import { findProgram, listPrograms } from '../../publications/program.store.js';
import { Actor, PublicationId } from '../authenticate.js';
import { Slug } from './fields.js';
import { Operation } from './operation.js';
import { ProgramAnswer, ProgramChanges, ProgramList } from './programs.schema.js';

@ApiTags('programs')
@Controller('api/v1/programs')
export class ProgramsController {
  constructor(
    private readonly database: Database,
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
    return programAnswer(await this.changeProgram.run(publicationId, slug, body, by));
  }

  private async find(publicationId: string, slug: string): Promise<Program> {
    const program = await findProgram(this.database.reader, publicationId, slug);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    return program;
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
    stages: program.stages,
    createdAt: program.createdAt.toISOString(),
  };
}
