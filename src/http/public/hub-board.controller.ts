import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { displayName } from '../../domain/text.js';
import { OwnSettings } from '../../flows/own-settings.js';
import { type Board, ReadBoard } from '../../flows/read-board.js';
import { Clock } from '../../platform/clock.js';
import { Pages } from '../../platform/pages.js';
import type { PageViews } from '../page-views.js';
import { Public } from '../policy.js';
import { lenient } from './form-fields.js';
import { hubNav } from './hub-nav.js';
import { HubVisits, type OpenVisit } from './hub-visits.js';
import { pagePublication } from './publication-page.js';
import { sendPage } from './send-page.js';

const Token = z.string().max(200);
const Shown = z.object({ program: lenient(64), saved: lenient(1) });
const NameForm = z.object({ boardName: z.string().max(1_000).catch('') });

/** Who brings most friends this month. Names stand there only of readers who chose one. */
@ApiExcludeController()
@Controller('hub/:token/board')
export class HubBoardController {
  constructor(
    private readonly readBoard: ReadBoard,
    private readonly settings: OwnSettings,
    private readonly clock: Clock,
    private readonly pages: Pages<PageViews>,
    private readonly visits: HubVisits,
  ) {}

  @Get()
  @Public()
  async show(
    @Param('token', { schema: Token }) token: string,
    @Query({ schema: Shown }) { program, saved }: z.infer<typeof Shown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = await this.visits.of(token, request);
    if (visit.kind === 'closed') return sendPage(reply, visit.status, visit.html);
    const board = await this.boardOf(visit, program);
    const typed = board.subscriber.boardName ?? '';
    return sendPage(reply, 200, this.page(visit, board, { typed, isBadName: false, isSaved: saved !== null }));
  }

  @Post()
  @Public()
  async keepName(
    @Param('token', { schema: Token }) token: string,
    @Query({ schema: Shown }) { program }: z.infer<typeof Shown>,
    @Body({ schema: NameForm }) { boardName }: z.infer<typeof NameForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = await this.visits.of(token, request);
    if (visit.kind === 'closed') return sendPage(reply, visit.status, visit.html);
    const board = await this.boardOf(visit, program);
    const name = displayName(boardName);
    if (name === null && boardName.trim() !== '') {
      return sendPage(reply, 422, this.page(visit, board, { typed: boardName, isBadName: true, isSaved: false }));
    }
    await this.settings.change(visit.publication.id, visit.subscriberId, { boardName: name });
    const { path, query } = hubNav(visit.hubPath, board.own);
    return reply.redirect(`${path}/board${query}${query === '' ? '?' : '&'}saved=1`, 303);
  }

  private async boardOf({ publication, subscriberId }: OpenVisit, program: string | null): Promise<Board> {
    const board = await this.readBoard.run(publication, subscriberId, program);
    if (board === null) throw new DomainError('request/not-found');
    return board;
  }

  private page(
    { publication, hubPath }: OpenVisit,
    { subscriber, own, startsAt, places }: Board,
    form: Pick<PageViews['board'], 'typed' | 'isBadName' | 'isSaved'>,
  ): string {
    const { locale } = subscriber;
    const month = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: publication.timezone }).format(startsAt);
    const view = { publication: pagePublication(publication), now: this.clock.now(), nav: hubNav(hubPath, own), month };
    return this.pages.render('board', locale, { ...view, places, ...form });
  }
}
