import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseAddress } from '../../domain/email.js';
import { LimitForms } from '../../flows/limit-forms.js';
import { RequestedMail } from '../../flows/requested-mail.js';
import { HUB_LINK_HOURS } from '../../mail/compose.js';
import { Database } from '../../platform/database.js';
import { Pages } from '../../platform/pages.js';
import { findProgram } from '../../publications/program.store.js';
import { findPublicationBySlug } from '../../publications/publication.store.js';
import type { Program, Publication } from '../../publications/publication.entities.js';
import { localeOf } from '../locale-of.js';
import type { PageViews } from '../page-views.js';
import type { ProgramView } from '../program-views.js';
import { Public } from '../policy.js';
import { lenient } from './form-fields.js';
import { sendPage } from './send-page.js';
import { shownProgram } from './program-view.js';
import { emailProblem, pagePublication } from './publication-page.js';

/** Any text: one that is no slug names nothing, as one that nobody has. */
const Name = z.string().max(1_000);
const ProgramForm = z
  .object({ email: z.string().max(1_000).catch(''), website: lenient(1_000) })
  .catch({ email: '', website: null });

/** What a program is, and the way into it, for whoever comes. One by invitation is not there, in every byte like one that does not exist. */
@ApiExcludeController()
@Controller('p/:publication/:program')
export class ProgramPageController {
  constructor(
    private readonly database: Database,
    private readonly limitForms: LimitForms,
    private readonly requestedMail: RequestedMail,
    private readonly pages: Pages<PageViews>,
  ) {}

  @Get()
  @Public()
  async show(
    @Param('publication', { schema: Name }) publicationSlug: string,
    @Param('program', { schema: Name }) slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const found = await this.find(publicationSlug, slug);
    if (found === null) return this.missing(request, reply);
    return sendPage(reply, 200, this.page(found.publication, found.program, '', null));
  }

  /** The same answer for every address. Who reads the publication gets a mail that leads to the door; who does not, none. */
  @Post()
  @Public()
  async ask(
    @Param('publication', { schema: Name }) publicationSlug: string,
    @Param('program', { schema: Name }) slug: string,
    @Body({ schema: ProgramForm }) form: z.infer<typeof ProgramForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const found = await this.find(publicationSlug, slug);
    if (found === null) return this.missing(request, reply);
    const { publication, program } = found;
    await this.limitForms.pass(request.ip);
    const parsed = parseAddress(form.email);
    if (!parsed.ok) {
      return sendPage(reply, 422, this.page(publication, program, form.email, emailProblem(form.email)));
    }
    if (form.website === null) {
      await this.requestedMail.programLinkByEmail(publication.id, parsed.address.emailKey, program);
    }
    const view = {
      publication: pagePublication(publication),
      programName: program.name,
      validHours: HUB_LINK_HOURS,
      backUrl: pathOf(publication, program),
    };
    return sendPage(reply, 200, this.pages.render('program-sent', publication.locale, view));
  }

  private async find(publicationSlug: string, slug: string) {
    const publication = await findPublicationBySlug(this.database.reader, publicationSlug);
    const program = publication && (await findProgram(this.database.reader, publication.id, slug));
    return publication === null || program === null || program.access === 'invite' ? null : { publication, program };
  }

  /** No id of the request on it: nothing tells two of these apart. */
  private missing(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const view = { publication: null, status: 404, detail: null, requestId: null };
    return sendPage(reply, 404, this.pages.render('problem', localeOf(request), view));
  }

  private page(
    publication: Publication,
    program: Program,
    email: string,
    problem: ProgramView['emailProblem'],
  ): string {
    return this.pages.render('program', publication.locale, {
      publication: pagePublication(publication),
      program: shownProgram(program),
      action: pathOf(publication, program),
      isByApplication: program.access === 'application',
      typed: { email },
      emailProblem: problem,
    });
  }
}

function pathOf(publication: Publication, program: Program): string {
  return `/p/${publication.slug}/${program.slug}`;
}
