import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { CreatePublication } from '../../flows/create-publication.js';
import { line, ReaderAddress, Slug, Timezone, WebUrl } from '../api/fields.js';
import { StaffCan } from '../policy.js';
import type { NewPublicationTyped, NewPublicationView } from './account-views.js';
import { Typed } from './form.js';
import { Staff, type StaffVisit } from './guard.js';
import { StaffPages } from './staff-pages.js';

const LOCALES = ['en', 'ja'] as const;
const NewPublicationForm = z.object({
  name: Typed,
  slug: Typed,
  siteUrl: Typed,
  fromEmail: Typed,
  locale: Typed,
  timezone: Typed,
});
const NewPublication = z.object({
  name: line(120),
  slug: Slug,
  siteUrl: WebUrl,
  fromEmail: ReaderAddress.transform(({ address }) => address),
  locale: z.enum(LOCALES),
  timezone: Timezone,
});
const FINE: NewPublicationView['problems'] = {
  name: null,
  slug: null,
  siteUrl: null,
  fromEmail: null,
  locale: null,
  timezone: null,
};

/** Where an operator makes a publication. What else it needs, its set-up page says. */
@ApiExcludeController()
@Controller('admin/publications/new')
export class NewPublicationController {
  constructor(
    private readonly createPublication: CreatePublication,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('publications:create')
  form(@Staff() { account }: StaffVisit, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { locale } = account;
    const timezone = locale === 'ja' ? 'Asia/Tokyo' : 'UTC';
    const typed = { name: '', slug: '', siteUrl: '', fromEmail: account.email, locale, timezone };
    return this.page({ typed, problems: FINE }, 200, request, reply);
  }

  @Post()
  @StaffCan('publications:create')
  async create(
    @Body({ schema: NewPublicationForm }) typed: z.infer<typeof NewPublicationForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const parsed = NewPublication.safeParse(typed);
    if (!parsed.success) {
      const wrong = parsed.error.issues.map(({ path: [field] }) => [field, `problem.publication.${String(field)}`]);
      const problems = { ...FINE, ...(Object.fromEntries(wrong) as Partial<NewPublicationView['problems']>) };
      return this.page({ typed, problems }, 422, request, reply);
    }
    const { siteUrl, slug, name } = parsed.data;
    const usual = { fromName: null, postalAddress: null, allowedOrigins: [new URL(siteUrl).origin] };
    try {
      await this.createPublication.runWithoutKey({ ...parsed.data, ...usual });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'publication/slug-taken') throw error;
      return this.page({ typed, problems: { ...FINE, slug: 'problem.slug.taken' } }, 422, request, reply);
    }
    return this.staffPages.goOn(reply, `/admin/p/${slug}/set-up`, 'publication-made', { name });
  }

  private page(
    shown: { typed: NewPublicationTyped; problems: NewPublicationView['problems'] },
    status: number,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const timezones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
    return this.staffPages.send(request, reply, 'new-publication', { ...shown, locales: LOCALES, timezones }, status);
  }
}
