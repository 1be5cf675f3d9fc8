import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseAddress } from '../../domain/email.js';
import { LimitForms } from '../../flows/limit-forms.js';
import { ReadDoors } from '../../flows/read-doors.js';
import { ReadHub } from '../../flows/read-hub.js';
import { ReadRunning } from '../../flows/read-running.js';
import { RequestedMail } from '../../flows/requested-mail.js';
import { HUB_LINK_HOURS } from '../../mail/compose.js';
import { Clock } from '../../platform/clock.js';
import { Pages } from '../../platform/pages.js';
import type { Publication } from '../../publications/publication.entities.js';
import { Slug } from '../api/fields.js';
import type { HubDoorView, PageViews } from '../page-views.js';
import { Public } from '../policy.js';
import { lenient } from './form-fields.js';
import { HubVisits } from './hub-visits.js';
import { hubRunning } from './running-view.js';
import { hubView } from './hub-view.js';
import { hubPrograms, programLinks } from './program-view.js';
import { emailProblem, pagePublication, PublicationPages } from './publication-page.js';
import { ReaderCookie } from './reader-cookie.js';
import { sendPage } from './send-page.js';

const Token = z.string().max(200);
const Choice = z.object({ program: lenient(64), handed: lenient(1) });
const Door = z.object({ publication: Slug });
const DoorForm = z.object({ publication: Slug, email: z.string().max(1_000).catch(''), website: lenient(1_000) });

/** The reader's own page. It opens only by a signed link that was sent to the reader's address. */
@ApiExcludeController()
@Controller('hub')
export class HubController {
  constructor(
    private readonly readHub: ReadHub,
    private readonly readDoors: ReadDoors,
    private readonly readRunning: ReadRunning,
    private readonly limitForms: LimitForms,
    private readonly requestedMail: RequestedMail,
    private readonly clock: Clock,
    private readonly pages: Pages<PageViews>,
    private readonly publications: PublicationPages,
    private readonly visits: HubVisits,
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
    const { publication, subscriberId, hubPath } = visit;
    const doors = await this.readDoors.run(publication.id, subscriberId);
    if (doors === null) return sendPage(reply, 410, this.visits.closed(publication).html);
    const hub = await this.readHub.run(publication.id, subscriberId, choice.program);
    if (hub === null) {
      const view = { publication: pagePublication(publication), programs: programLinks(hubPath, doors.programs, null) };
      return sendPage(reply, 200, this.pages.render('no-program', doors.reader.locale, view));
    }
    this.readerCookie.set(reply, publication.id, hub.subscriber.id);
    const ofPrograms = hubPrograms(hubPath, hub.program, doors.programs, choice.handed !== null);
    const running = hubRunning(await this.readRunning.run(hub.program, subscriberId));
    const view = { ...hubView(publication, hub, hubPath, this.clock.now()), ...ofPrograms, ...running };
    return sendPage(reply, 200, this.pages.render('hub', hub.subscriber.locale, view));
  }

  private doorPage(publication: Publication, email: string, problem: HubDoorView['emailProblem']): string {
    return this.pages.render('hub-door', publication.locale, {
      publication: pagePublication(publication),
      typed: { email },
      emailProblem: problem,
    });
  }
}
