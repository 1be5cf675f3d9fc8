import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Confirm } from '../../flows/confirm.js';
import { NextReward } from '../../flows/next-reward.js';
import { CONFIRM_DAYS } from '../../mail/compose.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { Links } from '../../platform/links.js';
import { Pages } from '../../platform/pages.js';
import { getProgram } from '../../publications/program.store.js';
import { participantsOf } from '../../subscribers/participant.store.js';
import type { Subscriber } from '../../subscribers/subscriber.entities.js';
import { localeOf } from '../locale-of.js';
import type { PageViews } from '../page-views.js';
import { Public } from '../policy.js';
import { pagePublication, PublicationPages } from './publication-page.js';
import { ReaderCookie } from './reader-cookie.js';
import { SignupCookie } from './signup-cookie.js';
import { sendPage } from './send-page.js';
import { visitorOf } from './visitor.js';

const Token = z.string().max(200);
const HUB_FOR_MS = 3_600_000;

/** The link in a confirm mail opens a page; only its button confirms. Mail scanners open every link, so a GET must change nothing. */
@ApiExcludeController()
@Controller('confirm')
export class ConfirmController {
  constructor(
    private readonly confirm: Confirm,
    private readonly nextReward: NextReward,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly links: Links,
    private readonly pages: Pages<PageViews>,
    private readonly publications: PublicationPages,
    private readonly signupCookie: SignupCookie,
    private readonly readerCookie: ReaderCookie,
  ) {}

  @Get(':token')
  @Public()
  async show(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const looked = await this.confirm.look(token);
    if (looked.kind !== 'good') return this.expired(looked, token, request, reply);
    const { subscriber } = looked;
    const publication = await this.publications.byId(subscriber.publicationId);
    const autoSubmit = this.signupCookie.isOf(request, publication.id, subscriber.emailKey);
    const view = {
      publication: pagePublication(publication),
      token,
      email: subscriber.email,
      validDays: CONFIRM_DAYS,
      autoSubmit,
    };
    return sendPage(reply, 200, this.pages.render('confirm', subscriber.locale, view));
  }

  @Post(':token')
  @Public()
  async press(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const result = await this.confirm.run(token, visitorOf(request));
    if (result.kind !== 'done') return this.expired(result, token, request, reply);
    // Who has left since cannot come back by an old mail; the page offers the form.
    if (result.activation === 'left') {
      const left = { kind: 'expired' as const, publicationId: result.subscriber.publicationId };
      return this.expired(left, token, request, reply);
    }
    const html = await this.confirmed(result.subscriber, result.activation === 'already');
    this.readerCookie.set(reply, result.subscriber.publicationId, result.subscriber.id);
    return sendPage(reply, 200, html);
  }

  private async confirmed(subscriber: Subscriber, already: boolean): Promise<string> {
    const publication = await this.publications.byId(subscriber.publicationId);
    const [participant] = await participantsOf(this.database.reader, publication.id, [subscriber.id]);
    const next = participant && (await this.nextReward.of(this.database.reader, publication.id, participant)).next;
    const program = participant && (await getProgram(this.database.reader, publication.id, participant.programId));
    const hubUrl = this.links.hub(publication.id, subscriber.id, new Date(this.clock.now().getTime() + HUB_FOR_MS));
    return this.pages.render('confirmed', subscriber.locale, {
      publication: pagePublication(publication),
      already,
      share: {
        url: participant === undefined ? this.links.join(publication.slug) : this.links.share(participant.code),
        for: null,
        message: program?.shareMessage ?? null,
        pressed: program === undefined ? null : { path: `${new URL(hubUrl).pathname}/shared`, program: program.slug },
      },
      next: next?.told ?? null,
      hubUrl,
    });
  }

  private async expired(
    looked: { kind: 'expired'; publicationId: string } | { kind: 'unknown' },
    token: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const publication =
      looked.kind === 'expired'
        ? await this.publications.byId(looked.publicationId)
        : await this.publications.claimedBy(token);
    const view = { publication: publication && pagePublication(publication), validDays: CONFIRM_DAYS };
    return sendPage(
      reply,
      looked.kind === 'expired' ? 410 : 404,
      this.pages.render('confirm-expired', publication?.locale ?? localeOf(request), view),
    );
  }
}
