import { Body, Controller, Get, Options, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseAddress } from '../../domain/email.js';
import { invalid } from '../../domain/errors.js';
import { HEARD_FROM } from '../../domain/heard-from.js';
import { answersIn, askedFields } from '../../domain/join-fields.js';
import { joinWordsFor, variantOf } from '../../domain/share-words.js';
import { displayName } from '../../domain/text.js';
import { Join } from '../../flows/join.js';
import { LimitForms } from '../../flows/limit-forms.js';
import { ReadInvitation } from '../../flows/read-invitation.js';
import { Links } from '../../platform/links.js';
import { Pages } from '../../platform/pages.js';
import type { Publication } from '../../publications/publication.entities.js';
import { Slug } from '../api/fields.js';
import type { JoinView, PageViews } from '../page-views.js';
import { Public } from '../policy.js';
import { cardOf } from './card.js';
import { ClickIds, lenient, TieFields } from './form-fields.js';
import { FormTime } from './form-time.js';
import { formFields } from './program-view.js';
import { emailProblem, pagePublication, PublicationPages } from './publication-page.js';
import { ReaderCookie } from './reader-cookie.js';
import { SignupCookie } from './signup-cookie.js';
import { visitorOf } from './visitor.js';

const JoinQuery = z.object({ ...TieFields, clicks: ClickIds, sent: lenient(1) });
const JoinForm = z.object({
  ...TieFields,
  clicks: ClickIds,
  email: z.string().max(1_000).catch(''),
  firstName: lenient(200),
  heardFrom: lenient(300),
  /** When the form was shown; see FormTime. */
  shown: lenient(200),
  /** The honeypot: people do not see it. */
  website: lenient(1_000),
});
/** The program says which more there are. */
const AnyFields = z.record(z.string(), z.unknown()).catch({});
type JoinForm = z.infer<typeof JoinForm>;

/** The hosted join page, and the form that the publication's own site may post to. */
@ApiExcludeController()
@Controller('join')
export class JoinController {
  constructor(
    private readonly join: Join,
    private readonly limitForms: LimitForms,
    private readonly readInvitation: ReadInvitation,
    private readonly pages: Pages<PageViews>,
    private readonly publications: PublicationPages,
    private readonly signupCookie: SignupCookie,
    private readonly readerCookie: ReaderCookie,
    private readonly formTime: FormTime,
    private readonly links: Links,
  ) {}

  @Get(':publication')
  @Public()
  async show(
    @Param('publication', { schema: Slug }) slug: string,
    @Query({ schema: JoinQuery }) query: z.infer<typeof JoinQuery>,
    @Res() reply: FastifyReply,
  ) {
    const publication = await this.publications.bySlug(slug);
    if (query.sent !== null) {
      const view = {
        publication: pagePublication(publication),
        fromEmail: publication.fromEmail,
        backUrl: `/join/${slug}${tieQuery(query)}`,
      };
      return page(reply, this.pages.render('check-mail', publication.locale, view));
    }
    return page(
      reply,
      await this.form(
        publication,
        { ...query, email: '', firstName: null, heardFrom: null, website: null, shown: null },
        null,
      ),
    );
  }

  @Options(':publication')
  @Public()
  async preflight(
    @Param('publication', { schema: Slug }) slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    if (allowOrigin(await this.publications.bySlug(slug), request, reply)) {
      void reply
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', 'content-type, accept')
        .header('access-control-max-age', '600');
    }
    return reply.status(204).send();
  }

  @Post(':publication')
  @Public()
  async submit(
    @Param('publication', { schema: Slug }) slug: string,
    @Body({ schema: JoinForm }) form: JoinForm,
    @Body({ schema: AnyFields }) fields: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const publication = await this.publications.bySlug(slug);
    allowOrigin(publication, request, reply);
    await this.limitForms.pass(request.ip);
    const wantsJson = (request.headers.accept ?? '').includes('application/json');
    const parsed = parseAddress(form.email);
    if (!parsed.ok) {
      if (wantsJson) throw invalid('email', parsed.message);
      return page(reply.status(422), await this.form(publication, form, emailProblem(form.email), fields));
    }
    // Whoever fills the field that people do not see gets the same answer and no signup.
    if (form.website === null) {
      const program = await this.readInvitation.programOf(publication.id, form.ref);
      await this.join.run(publication, {
        address: parsed.address,
        firstName: form.firstName === null ? null : displayName(form.firstName),
        locale: null,
        attributes: answersIn(fields, askedFields(program.joinFields)),
        externalId: null,
        heardFrom: form.heardFrom,
        presented: {
          ref: form.ref,
          clicks: clicksOf(form),
          content: form.content,
          channel: form.channel,
        },
        confirmed: false,
        source: 'join_page',
        from: {
          ...visitorOf(request),
          fillMs: this.formTime.since(publication.id, form.shown),
          browserOf: this.readerCookie.read(request),
          earlierKey: this.signupCookie.earlier(request, publication.id, parsed.address.emailKey),
        },
      });
    }
    this.signupCookie.set(reply, publication.id, parsed.address.emailKey);
    if (wantsJson) return reply.status(202).header('cache-control', 'no-store').send({});
    return reply.redirect(sentUrl(publication.slug, form), 303);
  }

  private async form(
    publication: Publication,
    form: JoinForm,
    problem: JoinView['emailProblem'],
    fields: Record<string, unknown> = {},
  ): Promise<string> {
    const { click, content, channel } = form;
    const invitation = await this.readInvitation.run(publication.id, { ...form, click: clicksOf(form)[0] ?? null });
    const { joinPage, shareVariants } = invitation.program;
    const variant = variantOf(shareVariants, form.for);
    const says = joinWordsFor(variant, joinPage);
    return this.pages.render('join', publication.locale, {
      publication: pagePublication(publication),
      referrerName: invitation.referrerName,
      says: { heading: says.heading ?? null, lead: says.lead ?? null, gets: says.gets ?? [] },
      program: { faq: invitation.program.faq, termsUrl: invitation.program.termsUrl },
      card: cardOf(this.links, publication, invitation.content),
      content: invitation.content && { title: invitation.content.title },
      hidden: {
        ref: invitation.isByReader ? form.ref : null,
        click,
        clicks: form.clicks.length === 0 ? null : form.clicks.join(','),
        content,
        channel,
        for: variant?.name ?? null,
      },
      shown: this.formTime.keep(publication.id, form.shown),
      askHeardFrom: invitation.program.askHeardFrom,
      // On this form the address alone is needed, whatever an application asks.
      fields: formFields(invitation.program, fields).map((field) => ({ ...field, required: false })),
      typed: {
        email: form.email,
        firstName: form.firstName ?? '',
        heardFrom: HEARD_FROM.find((known) => known === form.heardFrom) ?? null,
      },
      emailProblem: problem,
    });
  }
}

function page(reply: FastifyReply, html: string): FastifyReply {
  return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
}

/**
 * The page that asks to look into the mailbox. On the origin of the form, whatever name it was opened by: the browser refuses to
 * follow a form to another one. It keeps who recommended us, for who has mistyped and goes back.
 */
function sentUrl(slug: string, form: Tied): string {
  const query = tieQuery(form);
  return `/join/${slug}${query}${query === '' ? '?' : '&'}sent=1`;
}

type Tied = Record<keyof typeof TieFields, string | null> & { clicks: string[] };

/** The redirect gives one as `click`; who has kept several sends them as `clicks`. */
function clicksOf({ click, clicks }: Pick<Tied, 'click' | 'clicks'>): string[] {
  return click === null ? clicks : [click, ...clicks];
}

function tieQuery(tied: Tied): string {
  const given = new URLSearchParams();
  for (const name of Object.keys(TieFields) as (keyof typeof TieFields)[]) {
    const value = tied[name];
    if (value !== null) given.set(name, value);
  }
  if (tied.clicks.length > 0) given.set('clicks', tied.clicks.join(','));
  return given.size === 0 ? '' : `?${given.toString()}`;
}

/**
 * Only pages of the publication's own origins may send JSON, which browsers ask about first, and read the answer. Others are
 * not refused what a form of theirs could send just as well: no credentials are taken, and the typed address is all the authority there is.
 */
function allowOrigin(publication: Publication, request: FastifyRequest, reply: FastifyReply): boolean {
  const { origin } = request.headers;
  void reply.header('vary', 'origin');
  if (origin === undefined || !publication.allowedOrigins.includes(origin)) return false;
  void reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', 'retry-after');
  return true;
}
