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
import { participantsOf } from '../../subscribers/participant.store.js';
import type { Subscriber } from '../../subscribers/subscriber.entities.js';
import { localeOf } from '../error-pages.js';
import type { PageViews } from '../page-views.js';
import { Public } from '../policy.js';
import { pagePublication, PublicationPages } from './publication-page.js';
import { ReaderCookie } from './reader-cookie.js';
import { SignupCookie } from './signup-cookie.js';
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
    if (looked.kind !== 'good') return this.expired(looked, request, reply);
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
    return send(reply, 200, this.pages.render('confirm', subscriber.locale, view));
  }

  @Post(':token')
  @Public()
  async press(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const result = await this.confirm.run(token, visitorOf(request));
    if (result.kind !== 'done') return this.expired(result, request, reply);
    // Who has left since cannot come back by an old mail; the page offers the form.
    if (result.activation === 'left') {
      return this.expired({ kind: 'expired', publicationId: result.subscriber.publicationId }, request, reply);
    }
    const html = await this.confirmed(result.subscriber, result.activation === 'already');
    this.readerCookie.set(reply, result.subscriber.publicationId, result.subscriber.id);
    return send(reply, 200, html);
  }

  private async confirmed(subscriber: Subscriber, already: boolean): Promise<string> {
    const publication = await this.publications.byId(subscriber.publicationId);
    const [participant] = await participantsOf(this.database.reader, publication.id, [subscriber.id]);
    const next = participant && (await this.nextReward.of(this.database.reader, publication.id, participant)).next;
    return this.pages.render('confirmed', subscriber.locale, {
      publication: pagePublication(publication),
      already,
      share: {
        url: participant === undefined ? this.links.join(publication.slug) : this.links.share(participant.code),
        message: null,
      },
      next: next?.told ?? null,
      hubUrl: this.links.hub(publication.id, subscriber.id, new Date(this.clock.now().getTime() + HUB_FOR_MS)),
    });
  }

  private async expired(
    token: { kind: 'expired'; publicationId: string } | { kind: 'unknown' },
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const publication = token.kind === 'expired' ? await this.publications.byId(token.publicationId) : null;
    const view = { publication: publication && pagePublication(publication), validDays: CONFIRM_DAYS };
    return send(
      reply,
      token.kind === 'expired' ? 410 : 404,
      this.pages.render('confirm-expired', publication?.locale ?? localeOf(request), view),
    );
  }
}

function send(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.status(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
}
