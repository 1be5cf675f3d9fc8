import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseAddress } from '../../domain/email.js';
import { DomainError } from '../../domain/errors.js';
import { AnswerHandIn } from '../../flows/answer-hand-in.js';
import { HandInContact } from '../../flows/hand-in.js';
import { LimitForms } from '../../flows/limit-forms.js';
import { Clock } from '../../platform/clock.js';
import { Links } from '../../platform/links.js';
import { Pages } from '../../platform/pages.js';
import type { Publication } from '../../publications/publication.entities.js';
import { localeOf } from '../locale-of.js';
import type { PageViews } from '../page-views.js';
import type { HandInView } from '../program-views.js';
import { Public } from '../policy.js';
import { lenient } from './form-fields.js';
import { HubVisits } from './hub-visits.js';
import { emailProblem, pagePublication, PublicationPages } from './publication-page.js';
import { sendPage } from './send-page.js';
import { visitorOf } from './visitor.js';

const Token = z.string().max(200);
const HandInForm = z.object({
  program: z.string().max(64).catch('default'),
  email: z.string().max(1_000).catch(''),
  agreed: lenient(10),
  website: lenient(1_000),
});
/** RFC 8058, for mail programs and for our own page's button. */
const OneClick = z.object({ 'List-Unsubscribe': z.literal('One-Click', 'must be One-Click') });
const HUB_FOR_MS = 3_600_000;

/** A participant hands in the contact of a colleague, and the colleague answers the one mail that comes of it. */
@ApiExcludeController()
@Controller()
export class HandInController {
  constructor(
    private readonly handInContact: HandInContact,
    private readonly answerHandIn: AnswerHandIn,
    private readonly limitForms: LimitForms,
    private readonly visits: HubVisits,
    private readonly publications: PublicationPages,
    private readonly clock: Clock,
    private readonly links: Links,
    private readonly pages: Pages<PageViews>,
  ) {}

  @Post('hub/:token/leads')
  @Public()
  async handIn(
    @Param('token', { schema: Token }) token: string,
    @Body({ schema: HandInForm }) form: z.infer<typeof HandInForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const opened = await this.visits.of(token, request);
    if (opened.kind === 'closed') return sendPage(reply, opened.status, opened.html);
    const { publication, subscriberId } = opened;
    await this.limitForms.pass(request.ip);
    const parsed = parseAddress(form.email);
    const again = (problem: HandInView['handIn']['problem']) => this.again(reply, publication, token, form, problem);
    if (!parsed.ok) return again(emailProblem(form.email));
    if (form.agreed === null) return again('not_agreed');
    if (form.website === null) {
      const result = await this.handInContact.run(publication.id, subscriberId, form.program, parsed.address);
      if (result === 'off') throw new DomainError('request/not-found');
      if (result === 'not_business') return again('not_business');
    }
    return reply.redirect(`/hub/${token}?program=${encodeURIComponent(form.program)}&handed=1`, 303);
  }

  @Get('handed-in/:token')
  @Public()
  async look(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const looked = await this.answerHandIn.look(token);
    if (looked.kind !== 'good') return this.gone(looked, request, reply);
    const publication = await this.publications.byId(looked.publicationId);
    const view = {
      publication: pagePublication(publication),
      token,
      referrerName: looked.referrerName,
      email: looked.email,
    };
    return sendPage(reply, 200, this.pages.render('handed-in', publication.locale, view));
  }

  @Post('handed-in/:token')
  @Public()
  async agree(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const looked = await this.answerHandIn.look(token);
    if (looked.kind !== 'good') return this.gone(looked, request, reply);
    const publication = await this.publications.byId(looked.publicationId);
    const subscriberId = await this.answerHandIn.agree(token, visitorOf(request));
    if (subscriberId === null) return this.gone({ kind: 'gone', publicationId: publication.id }, request, reply);
    // Their own page, which shows the link that is theirs from now on.
    const until = new Date(this.clock.now().getTime() + HUB_FOR_MS);
    return reply.redirect(new URL(this.links.hub(publication.id, subscriberId, until)).pathname, 303);
  }

  @Get('handed-in/:token/stop')
  @Public()
  async askToStop(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const looked = await this.answerHandIn.look(token);
    if (looked.kind === 'unknown') return this.gone(looked, request, reply);
    const publication = await this.publications.byId(looked.publicationId);
    const view = { publication: pagePublication(publication), token };
    return sendPage(reply, 200, this.pages.render('handed-in-stop', publication.locale, view));
  }

  @Post('handed-in/:token/stop')
  @Public()
  async stop(
    @Param('token', { schema: Token }) token: string,
    @Body({ schema: z.unknown() }) body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    if (!OneClick.safeParse(body).success) {
      throw new DomainError('request/malformed', 'Send List-Unsubscribe=One-Click');
    }
    const publicationId = await this.answerHandIn.decline(token);
    if (publicationId === null) return this.gone({ kind: 'unknown' }, request, reply);
    const publication = await this.publications.byId(publicationId);
    const view = { publication: pagePublication(publication) };
    return sendPage(reply, 200, this.pages.render('handed-in-stopped', publication.locale, view));
  }

  private again(
    reply: FastifyReply,
    publication: Publication,
    token: string,
    { program, email, agreed }: z.infer<typeof HandInForm>,
    problem: HandInView['handIn']['problem'],
  ) {
    const view = {
      publication: pagePublication(publication),
      handIn: {
        action: `/hub/${token}/leads`,
        program,
        typed: { email, agreed: agreed !== null },
        problem,
        isDone: false,
      },
      hubUrl: `/hub/${token}?program=${encodeURIComponent(program)}`,
    };
    return sendPage(reply, 422, this.pages.render('hand-in', publication.locale, view));
  }

  private async gone(
    token: { kind: 'gone'; publicationId: string } | { kind: 'unknown' },
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const publication = token.kind === 'gone' ? await this.publications.byId(token.publicationId) : null;
    const view = { publication: publication && pagePublication(publication) };
    const html = this.pages.render('handed-in-gone', publication?.locale ?? localeOf(request), view);
    return sendPage(reply, publication === null ? 404 : 410, html);
  }
}
