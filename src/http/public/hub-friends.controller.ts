import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { plainWords } from '../../domain/text.js';
import { Appeal } from '../../flows/appeal.js';
import { ReadFriends } from '../../flows/read-friends.js';
import { Clock } from '../../platform/clock.js';
import { pageRequest } from '../../platform/page.js';
import { Pages } from '../../platform/pages.js';
import type { Publication } from '../../publications/publication.entities.js';
import { Id } from '../api/fields.js';
import type { AppealedView, PageViews } from '../page-views.js';
import { Public } from '../policy.js';
import { lenient } from './form-fields.js';
import { appealOutcome, friendsView, friendView } from './friend-view.js';
import { hubNav } from './hub-nav.js';
import { HubVisits } from './hub-visits.js';
import { pagePublication } from './publication-page.js';
import { sendPage } from './send-page.js';

const PER_PAGE = 50;
const MOST_GRAPHEMES = 500;
const Token = z.string().max(200);
const Shown = z.object({
  kind: z.enum(['counted', 'waiting', 'refused']).optional().catch(undefined),
  after: lenient(200),
  program: lenient(64),
});
const AppealForm = z.object({ words: z.string().catch('') }).nullish();

/** The friends of a reader, all of them, and the way to say that one should count after all. */
@ApiExcludeController()
@Controller('hub/:token')
export class HubFriendsController {
  constructor(
    private readonly readFriends: ReadFriends,
    private readonly appeal: Appeal,
    private readonly clock: Clock,
    private readonly pages: Pages<PageViews>,
    private readonly visits: HubVisits,
  ) {}

  @Get('friends')
  @Public()
  async friends(
    @Param('token', { schema: Token }) token: string,
    @Query({ schema: Shown }) { kind, after, program }: z.infer<typeof Shown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = await this.visits.of(token, request);
    if (visit.kind === 'closed') return sendPage(reply, visit.status, visit.html);
    const { publication, subscriberId, hubPath } = visit;
    const one = kind && { kind, page: pageRequest({ limit: PER_PAGE, after: after ?? undefined }) };
    const page = await this.readFriends.page(publication.id, subscriberId, program, one ?? null);
    if (page === null) return sendPage(reply, 410, this.visits.closed(publication).html);
    const place = { hubPath, isOne: one !== undefined, now: this.clock.now(), nav: hubNav(hubPath, page.own) };
    const view = friendsView(publication, page, place);
    return sendPage(reply, 200, this.pages.render('friends', page.subscriber.locale, view));
  }

  @Get('referrals/:id/appeal')
  @Public()
  async ask(
    @Param('token', { schema: Token }) token: string,
    @Param('id', { schema: Id }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = await this.visits.of(token, request);
    if (visit.kind === 'closed') return sendPage(reply, visit.status, visit.html);
    const form = { typed: { words: '' }, problem: null };
    return sendPage(reply, 200, await this.page(visit, id, { kind: 'form', form }));
  }

  @Post('referrals/:id/appeal')
  @Public()
  async press(
    @Param('token', { schema: Token }) token: string,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: AppealForm }) form: z.infer<typeof AppealForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = await this.visits.of(token, request);
    if (visit.kind === 'closed') return sendPage(reply, visit.status, visit.html);
    const typed = form?.words ?? '';
    const cleaned = plainWords(typed, MOST_GRAPHEMES);
    if (!cleaned.ok) {
      const mend = { typed: { words: typed }, problem: 'too_long' as const };
      return sendPage(reply, 422, await this.page(visit, id, { kind: 'form', form: mend }));
    }
    const appealed = await this.appeal.run(visit.publication.id, visit.subscriberId, id, cleaned.words);
    if (appealed === null) throw new DomainError('request/not-found');
    const html = await this.page(visit, id, { kind: 'said', thanks: appealed === 'asked' });
    return sendPage(reply, appealed === 'closed' ? 409 : 200, html);
  }

  /** The form where there is something to ask; else how it stands. Throws `request/not-found` for what is none of the reader's. */
  private async page(
    { publication, subscriberId, hubPath }: { publication: Publication; subscriberId: string; hubPath: string },
    id: string,
    what:
      | { kind: 'form'; form: { typed: { words: string }; problem: 'too_long' | null } }
      | { kind: 'said'; thanks: boolean },
  ): Promise<string> {
    const found = await this.readFriends.one(publication.id, subscriberId, id);
    if (found === null) throw new DomainError('request/not-found');
    const { subscriber, friend } = found;
    const base = {
      publication: pagePublication(publication),
      now: this.clock.now(),
      hubPath,
      friend: friendView(friend),
    };
    if (what.kind === 'form' && friend.mayAppeal) {
      return this.pages.render('appeal', subscriber.locale, { ...base, ...what.form });
    }
    const outcome: Pick<AppealedView, 'outcome' | 'at'> =
      what.kind === 'said' && what.thanks ? { outcome: 'thanks', at: null } : appealOutcome(friend);
    return this.pages.render('appealed', subscriber.locale, { ...base, ...outcome });
  }
}
