import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { PROGRAM_MAIL_NAMES, USUAL_PROGRAM_MAILS } from '../../domain/program-mails.js';
import { CreatePublication } from '../../flows/create-publication.js';
import { Database } from '../../platform/database.js';
import { pageOf, PageQuery, pageRequest } from '../../platform/page.js';
import type { Publication } from '../../publications/publication.entities.js';
import { findPublicationBySlug, listPublications, updatePublication } from '../../publications/publication.store.js';
import { type Caller, CallerOf } from '../authenticate.js';
import { ApiKeyWithSecret } from './api-keys.controller.js';
import { AnsweredInstant, line, listOf, paragraph, ReaderAddress, Slug, Timezone, WebUrl } from './fields.js';
import { Operation } from './operation.js';

const Origin = WebUrl.transform((url) => new URL(url).origin);

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 21:00');

const ProgramMails = z
  .strictObject({
    perWeek: z.int().min(1).max(14).meta({ description: 'How many a reader gets in any seven days.' }),
    quietFrom: TimeOfDay.meta({
      description:
        'From here until `quietUntil` none comes, by the reader’s clocks: of the zone in their attribute `timezone`, else of the publication.',
    }),
    quietUntil: TimeOfDay,
    off: z.array(z.enum(PROGRAM_MAIL_NAMES)).max(20).meta({ description: 'Which are not sent.' }),
  })
  .meta({ description: 'Mails about sharing. Confirm, welcome, hub link and reward mails are none of them.' });

const Settings = z.strictObject({
  name: line(120),
  siteUrl: WebUrl.meta({ example: 'https://loaf.example' }),
  fromEmail: ReaderAddress.transform(({ address }) => address),
  fromName: line(120).nullable(),
  locale: z.enum(['en', 'ja']),
  timezone: Timezone,
  postalAddress: paragraph(400).nullable(),
  allowedOrigins: z.array(Origin).max(20),
  programMails: ProgramMails.partial(),
});

const NewPublication = Settings.partial({
  fromName: true,
  locale: true,
  timezone: true,
  postalAddress: true,
  allowedOrigins: true,
  programMails: true,
}).extend({ slug: Slug });
const PublicationChanges = Settings.partial();

const PublicationAnswer = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    siteUrl: z.string(),
    fromEmail: z.string(),
    fromName: z.string().nullable(),
    locale: z.enum(['en', 'ja']),
    timezone: z.string(),
    postalAddress: z.string().nullable(),
    allowedOrigins: z.array(z.string()).meta({ description: 'Origins whose pages may post to the join route.' }),
    programMails: ProgramMails,
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'Publication' });

@ApiTags('publications')
@Controller('api/v1/publications')
export class PublicationsController {
  constructor(
    private readonly database: Database,
    private readonly createPublication: CreatePublication,
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
    @Body({ schema: PublicationChanges }) body: z.infer<typeof PublicationChanges>,
  ) {
    const publication = await this.find(slug, caller);
    const changes = { ...body, programMails: { ...publication.programMails, ...body.programMails } };
    await updatePublication(this.database.reader, publication.id, changes);
    return { ...publication, ...changes };
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
