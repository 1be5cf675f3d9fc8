import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { maskAddress } from '../../domain/mask.js';
import { Leave } from '../../flows/leave.js';
import { OwnSettings } from '../../flows/own-settings.js';
import { Database } from '../../platform/database.js';
import { Pages } from '../../platform/pages.js';
import { Tokens } from '../../platform/tokens.js';
import { findSubscriber } from '../../subscribers/subscriber.store.js';
import type { PageViews } from '../page-views.js';
import { Public } from '../policy.js';
import { pagePublication, PublicationPages } from './publication-page.js';

const Token = z.string().max(200);
/** RFC 8058: the body of a one-click post, and of our own page's button. */
const OneClick = z.object({ 'List-Unsubscribe': z.literal('One-Click', 'must be One-Click') });

/** RFC 8058 one-click unsubscribing, of the letter or of the mails about sharing alone. The token never ends, and a second post changes nothing. */
@ApiExcludeController()
@Controller('unsubscribe')
export class UnsubscribeController {
  constructor(
    private readonly leave: Leave,
    private readonly ownSettings: OwnSettings,
    private readonly database: Database,
    private readonly tokens: Tokens,
    private readonly pages: Pages<PageViews>,
    private readonly publications: PublicationPages,
  ) {}

  @Get(':token')
  @Public()
  async show(@Param('token', { schema: Token }) token: string, @Res() reply: FastifyReply) {
    const { view, locale } = await this.read(token);
    return send(reply, this.pages.render('unsubscribe', locale, { ...view, token }));
  }

  @Post(':token')
  @Public()
  async press(
    @Param('token', { schema: Token }) token: string,
    @Body({ schema: z.unknown() }) body: unknown,
    @Res() reply: FastifyReply,
  ) {
    checkOneClick(body);
    const { view, locale, publicationId, subscriberId } = await this.read(token);
    await this.leave.run(publicationId, subscriberId, 'unsubscribed', 'mail');
    return send(reply, this.pages.render('unsubscribed', locale, view));
  }

  @Get(':token/program-mails')
  @Public()
  async showMute(@Param('token', { schema: Token }) token: string, @Res() reply: FastifyReply) {
    const { view, locale } = await this.read(token);
    return send(reply, this.pages.render('mute', locale, { ...view, token }));
  }

  @Post(':token/program-mails')
  @Public()
  async mute(
    @Param('token', { schema: Token }) token: string,
    @Body({ schema: z.unknown() }) body: unknown,
    @Res() reply: FastifyReply,
  ) {
    checkOneClick(body);
    const { view, locale, publicationId, subscriberId } = await this.read(token);
    await this.ownSettings.change(publicationId, subscriberId, { programMails: false });
    return send(reply, this.pages.render('muted', locale, view));
  }

  private async read(token: string) {
    const subject = this.tokens.read('unsubscribe', token);
    if (subject === null) throw new DomainError('request/not-found');
    const publication = await this.publications.byId(subject.publicationId);
    const subscriber = await findSubscriber(this.database.reader, publication.id, subject.id);
    return {
      publicationId: publication.id,
      subscriberId: subject.id,
      locale: subscriber?.locale ?? publication.locale,
      view: {
        publication: pagePublication(publication),
        maskedEmail: subscriber?.email == null ? null : maskAddress(subscriber.email),
      },
    };
  }
}

function checkOneClick(body: unknown): void {
  if (!OneClick.safeParse(body).success) throw new DomainError('request/malformed', 'Send List-Unsubscribe=One-Click');
}

function send(reply: FastifyReply, html: string): FastifyReply {
  return reply.status(200).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
}
