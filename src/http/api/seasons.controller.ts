import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { StartSeason } from '../../flows/start-season.js';
import { Database } from '../../platform/database.js';
import type { Program } from '../../publications/publication.entities.js';
import { findProgram } from '../../publications/program.store.js';
import { laterSeasons } from '../../publications/season.store.js';
import { Actor, PublicationId } from '../authenticate.js';
import { AnsweredInstant, listOf, Slug } from './fields.js';
import { Operation } from './operation.js';

const NewSeason = z
  .strictObject({
    ends: z
      .number()
      .int()
      .min(1)
      .max(1_000_000_000)
      .optional()
      .meta({ description: 'The season that ends; another one by now is 409 `program/season-changed`.' }),
  })
  .nullish();

const SeasonAnswer = z
  .object({
    season: z.number().int(),
    startedAt: AnsweredInstant,
    actor: z
      .string()
      .nullable()
      .meta({ description: 'Who began it; null of the first, which began with the program.' }),
  })
  .meta({ id: 'Season' });

@ApiTags('programs')
@Controller('api/v1/programs/:slug/seasons')
export class SeasonsController {
  constructor(
    private readonly database: Database,
    private readonly startSeason: StartSeason,
  ) {}

  @Get()
  @Operation({ summary: 'The seasons of a program, newest first', can: 'programs:read', answer: listOf(SeasonAnswer) })
  async list(@PublicationId() publicationId: string, @Param('slug', { schema: Slug }) slug: string) {
    const program = await this.find(publicationId, slug);
    const later = await laterSeasons(this.database.reader, publicationId, program.id);
    const first = { season: 1, startedAt: program.createdAt.toISOString(), actor: null };
    return { data: [...later.map(answer), first], nextCursor: null };
  }

  @Post()
  @Operation({
    summary: 'Begin a season: all counts begin anew, and what was granted stays',
    can: 'programs:write',
    status: 201,
    answer: SeasonAnswer,
    errors: ['program/season-changed', 'milestone/past-running'],
  })
  async create(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('slug', { schema: Slug }) slug: string,
    @Body({ schema: NewSeason }) body: z.infer<typeof NewSeason>,
  ) {
    return answer(await this.startSeason.run(await this.find(publicationId, slug), body?.ends ?? null, by));
  }

  private async find(publicationId: string, slug: string): Promise<Program> {
    const program = await findProgram(this.database.reader, publicationId, slug);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    return program;
  }
}

function answer({ season, startedAt, actor }: { season: number; startedAt: Date; actor: string }) {
  return { season, startedAt: startedAt.toISOString(), actor };
}
