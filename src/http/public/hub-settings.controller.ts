import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { displayName } from '../../domain/text.js';
import { Erase } from '../../flows/erase.js';
import { ExportOwnData } from '../../flows/export-own-data.js';
import { OwnSettings } from '../../flows/own-settings.js';
import { Clock } from '../../platform/clock.js';
import { Pages } from '../../platform/pages.js';
import type { SettingsView } from '../hub-views.js';
import type { PageViews } from '../page-views.js';
import { Public } from '../policy.js';
import { lenient } from './form-fields.js';
import { hubNav } from './hub-nav.js';
import { HubVisits } from './hub-visits.js';
import { ownDataView } from './own-data-view.js';
import { pagePublication } from './publication-page.js';
import { ReaderCookie } from './reader-cookie.js';
import { sendPage } from './send-page.js';

const Token = z.string().max(200);
const Shown = z.object({ program: lenient(64), saved: lenient(1) });
/** A box that is not ticked is not sent. */
const Box = z
  .unknown()
  .transform((sent) => sent !== undefined)
  .optional()
  .default(false);
const SettingsForm = z.object({
  firstName: z.string().max(1_000).catch(''),
  locale: z.enum(['en', 'ja']),
  showName: Box,
  programMails: Box,
});

/** What readers decide about themselves: their name and language, mails about sharing, and their data. */
@ApiExcludeController()
@Controller('hub/:token')
export class HubSettingsController {
  constructor(
    private readonly settings: OwnSettings,
    private readonly exportOwnData: ExportOwnData,
    private readonly erase: Erase,
    private readonly clock: Clock,
    private readonly pages: Pages<PageViews>,
    private readonly visits: HubVisits,
    private readonly readerCookie: ReaderCookie,
  ) {}

  @Get('settings')
  @Public()
  async show(
    @Param('token', { schema: Token }) token: string,
    @Query({ schema: Shown }) { program, saved }: z.infer<typeof Shown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = await this.visits.of(token, request);
    if (visit.kind === 'closed') return sendPage(reply, visit.status, visit.html);
    const { publication, subscriberId, hubPath } = visit;
    const found = await this.settings.read(publication.id, subscriberId, program);
    if (found === null) return sendPage(reply, 410, this.visits.closed(publication).html);
    const { firstName, locale, showsName, programMailsMutedAt } = found.subscriber;
    const typed = { firstName: firstName ?? '', locale, showsName, programMails: programMailsMutedAt === null };
    const view: SettingsView = {
      publication: pagePublication(publication),
      nav: hubNav(hubPath, found.own),
      typed,
      isBadName: false,
      isSaved: saved !== null,
    };
    return sendPage(reply, 200, this.pages.render('settings', locale, view));
  }

  @Post('settings')
  @Public()
  async keep(
    @Param('token', { schema: Token }) token: string,
    @Query({ schema: Shown }) { program }: z.infer<typeof Shown>,
    @Body({ schema: SettingsForm }) form: z.infer<typeof SettingsForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = await this.visits.of(token, request);
    if (visit.kind === 'closed') return sendPage(reply, visit.status, visit.html);
    const { publication, subscriberId, hubPath } = visit;
    const { locale, showName: showsName, programMails } = form;
    const found = await this.settings.read(publication.id, subscriberId, program);
    if (found === null) return sendPage(reply, 410, this.visits.closed(publication).html);
    const nav = hubNav(hubPath, found.own);
    const firstName = displayName(form.firstName);
    if (firstName === null && form.firstName.trim() !== '') {
      const typed = { firstName: form.firstName, locale, showsName, programMails };
      const view = { publication: pagePublication(publication), nav, typed, isBadName: true, isSaved: false };
      return sendPage(reply, 422, this.pages.render('settings', found.subscriber.locale, view));
    }
    await this.settings.change(publication.id, subscriberId, { firstName, locale, showsName, programMails });
    return reply.redirect(`${hubPath}/settings${nav.query}${nav.query === '' ? '?' : '&'}saved=1`, 303);
  }

  @Post('export')
  @Public()
  async download(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = await this.visits.of(token, request);
    if (visit.kind === 'closed') return sendPage(reply, visit.status, visit.html);
    const { publication, subscriberId } = visit;
    const data = await this.exportOwnData.run(publication.id, subscriberId);
    if (data === null) return sendPage(reply, 410, this.visits.closed(publication).html);
    return reply
      .status(200)
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${publication.slug}-my-data.json"`)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(ownDataView(publication, data, this.clock.now()), null, 2));
  }

  @Get('erase')
  @Public()
  async askToErase(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = await this.visits.of(token, request);
    if (visit.kind === 'closed') return sendPage(reply, visit.status, visit.html);
    const { publication, subscriberId, hubPath } = visit;
    const found = await this.settings.read(publication.id, subscriberId, null);
    if (found === null) return sendPage(reply, 410, this.visits.closed(publication).html);
    const view = {
      publication: pagePublication(publication),
      nav: hubNav(hubPath, found.own),
      unsent: await this.settings.unsentRewards(publication.id, subscriberId),
    };
    return sendPage(reply, 200, this.pages.render('erase', found.subscriber.locale, view));
  }

  @Post('erase')
  @Public()
  async pressErase(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = await this.visits.of(token, request);
    if (visit.kind === 'closed') return sendPage(reply, visit.status, visit.html);
    const { publication, subscriberId } = visit;
    // Read before it is emptied; who presses twice is told the same in the publication's language.
    const found = await this.settings.read(publication.id, subscriberId, null);
    await this.erase.run(publication.id, subscriberId);
    this.readerCookie.clear(reply);
    const view = { publication: pagePublication(publication) };
    return sendPage(reply, 200, this.pages.render('erased', found?.subscriber.locale ?? publication.locale, view));
  }
}
