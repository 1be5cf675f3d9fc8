import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseAddress } from '../../domain/email.js';
import { LimitForms } from '../../flows/limit-forms.js';
import { RequestedMail } from '../../flows/requested-mail.js';
import { HUB_LINK_HOURS } from '../../mail/compose.js';
import { Pages } from '../../platform/pages.js';
import type { Publication } from '../../publications/publication.entities.js';
import { Slug } from '../api/fields.js';
import type { HubDoorView, PageViews } from '../page-views.js';
import { Public } from '../policy.js';
import { lenient } from './form-fields.js';
import { HubPage } from './hub-page.js';
import { HubVisits } from './hub-visits.js';
import { emailProblem, pagePublication, PublicationPages } from './publication-page.js';
import { ReaderCookie } from './reader-cookie.js';
import { sendPage } from './send-page.js';

const Token = z.string().max(200);
const Choice = z.object({ program: lenient(64), handed: lenient(1), for: lenient(64), kept: lenient(1) });
const Door = z.object({ publication: Slug });
const DoorForm = z.object({ publication: Slug, email: z.string().max(1_000).catch(''), website: lenient(1_000) });

/** The reader's own page. It opens only by a signed link that was sent to the reader's address. */
@ApiExcludeController()
@Controller('hub')
export class HubController {
  constructor(
    private readonly limitForms: LimitForms,
    private readonly requestedMail: RequestedMail,
    private readonly pages: Pages<PageViews>,
    private readonly publications: PublicationPages,
    private readonly visits: HubVisits,
    private readonly hubPage: HubPage,
    private readonly readerCookie: ReaderCookie,
  ) {}

  @Get()
  @Public()
  async door(@Query({ schema: Door }) query: z.infer<typeof Door>, @Res() reply: FastifyReply) {
    return sendPage(reply, 200, this.doorPage(await this.publications.bySlug(query.publication), '', null));
  }

  @Post()
  @Public()
  async knock(
    @Body({ schema: DoorForm }) form: z.infer<typeof DoorForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const publication = await this.publications.bySlug(form.publication);
    await this.limitForms.pass(request.ip);
    const parsed = parseAddress(form.email);
    if (!parsed.ok) return sendPage(reply, 422, this.doorPage(publication, form.email, emailProblem(form.email)));
    if (form.website === null) await this.requestedMail.hubLinkByEmail(publication.id, parsed.address.emailKey);
    const view = { publication: pagePublication(publication), validHours: HUB_LINK_HOURS };
    return sendPage(reply, 200, this.pages.render('hub-door-sent', publication.locale, view));
  }

  @Get(':token')
  @Public()
  async open(
    @Param('token', { schema: Token }) token: string,
    @Query({ schema: Choice }) choice: z.infer<typeof Choice>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = await this.visits.of(token, request);
    if (visit.kind === 'closed') return sendPage(reply, visit.status, visit.html);
    const page = await this.hubPage.of(visit, {
      program: choice.program,
      variant: choice.for,
      isHandedIn: choice.handed !== null,
      isKept: choice.kept !== null,
    });
    if (page.readerId !== null) this.readerCookie.set(reply, visit.publication.id, page.readerId);
    return sendPage(reply, page.status, page.html);
  }

  private doorPage(publication: Publication, email: string, problem: HubDoorView['emailProblem']): string {
    return this.pages.render('hub-door', publication.locale, {
      publication: pagePublication(publication),
      typed: { email },
      emailProblem: problem,
    });
  }
}
