import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import { USUAL_PROGRAM_MAILS } from '../../domain/program-mails.js';
import { ChangePublication } from '../../flows/change-publication.js';
import { CreatePublication } from '../../flows/create-publication.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import type { Publication } from '../../publications/publication.entities.js';
import { findPublicationBySlug, listPublications } from '../../publications/publication.store.js';
import { Actor, type Caller, CallerOf } from '../authenticate.js';
import { ApiKeyWithSecret } from './api-keys.controller.js';
import { listOf, Slug } from './fields.js';
import { Operation } from './operation.js';
import { NewPublication, PublicationAnswer, PublicationChanges } from './publications.schema.js';

@ApiTags('publications')
@Controller('api/v1/publications')
export class PublicationsController {
  constructor(
    private readonly database: Database,
    private readonly createPublication: CreatePublication,
    private readonly changePublication: ChangePublication,
  ) {}

  @Post()
  @Operation({
    summary: 'Make a publication, with its program `default` and a first admin key',
    can: 'publications:create',
    status: 201,
    answer: z.object({ publication: PublicationAnswer, apiKey: ApiKeyWithSecret }),
    errors: ['publication/slug-taken'],
  })
  create(@Body({ schema: NewPublication }) body: z.infer<typeof NewPublication>) {
    return this.createPublication.run({
      fromName: null,
      locale: 'en',
      timezone: 'UTC',
      postalAddress: null,
      allowedOrigins: [new URL(body.siteUrl).origin],
      ...body,
      programMails: { ...USUAL_PROGRAM_MAILS, ...body.programMails },
    });
  }

  @Get()
  @Operation({ summary: 'All publications, newest first', can: 'publications:list', answer: listOf(PublicationAnswer) })
  async list(@Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const page = pageRequest(query);
    return pageOf(await listPublications(this.database.reader, page), page);
  }

  @Get(':slug')
  @Operation({ summary: 'One publication', can: 'publications:read', answer: PublicationAnswer })
  get(@Param('slug', { schema: Slug }) slug: string, @CallerOf() caller: Caller) {
    return this.find(slug, caller);
  }

  @Patch(':slug')
  @Operation({ summary: 'Change what is named', can: 'publications:write', answer: PublicationAnswer })
  async update(
    @Param('slug', { schema: Slug }) slug: string,
    @CallerOf() caller: Caller,
    @Actor() by: StaffActor,
    @Body({ schema: PublicationChanges }) body: z.infer<typeof PublicationChanges>,
  ) {
    const { id } = await this.find(slug, caller);
    return this.changePublication.run(id, body, by);
  }

  /** A key sees its own publication; to every other it is told that there is none. */
  private async find(slug: string, caller: Caller): Promise<Publication> {
    const publication = await findPublicationBySlug(this.database.reader, slug);
    if (publication === null || (caller.role !== 'operator' && caller.publicationId !== publication.id)) {
      throw new DomainError('request/not-found');
    }
    return publication;
  }
}
