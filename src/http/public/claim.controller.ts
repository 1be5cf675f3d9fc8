import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ShippingField, ShippingProblem } from '../../domain/shipping-address.js';
import { Claim, type ClaimLook } from '../../flows/claim.js';
import { SHIPPING_DAYS } from '../../mail/compose.js';
import { Database } from '../../platform/database.js';
import { Pages } from '../../platform/pages.js';
import { findSubscriber } from '../../subscribers/subscriber.store.js';
import { localeOf } from '../locale-of.js';
import type { PageViews } from '../page-views.js';
import { Public } from '../policy.js';
import { claimView } from './claim-view.js';
import { pagePublication, PublicationPages } from './publication-page.js';
import { sendPage } from './send-page.js';

const Token = z.string().max(200);
const text = z.string().max(1_000).optional().catch(undefined);
const ClaimForm = z.object({
  variant: text,
  name: text,
  country: text,
  postcode: text,
  region: text,
  city: text,
  line1: text,
  line2: text,
  phone: text,
});

type Typed = Partial<Record<ShippingField, string | undefined>>;
type Problems = Partial<Record<ShippingField, ShippingProblem>>;

/** Where a reader says where a reward shall be sent. The token, which only their mail and their hub have, is all that it asks for. */
@ApiExcludeController()
@Controller('claim')
export class ClaimController {
  constructor(
    private readonly claim: Claim,
    private readonly database: Database,
    private readonly pages: Pages<PageViews>,
    private readonly publications: PublicationPages,
  ) {}

  @Get(':token')
  @Public()
  async show(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.answer(await this.claim.look(token), { token, typed: {}, problems: {} }, request, reply);
  }

  @Post(':token')
  @Public()
  async give(
    @Param('token', { schema: Token }) token: string,
    @Body({ schema: ClaimForm }) typed: z.infer<typeof ClaimForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const result = await this.claim.give(token, typed);
    if (result.kind !== 'wrong') return this.answer(result, { token, typed, problems: {} }, request, reply);
    const { problems, ...look } = result;
    return this.answer({ ...look, kind: 'open' }, { token, typed, problems }, request, reply);
  }

  private async answer(
    look: ClaimLook,
    form: { token: string; typed: Typed; problems: Problems },
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    if (look.kind === 'unknown') {
      return sendPage(reply, 404, this.pages.render('link-over', localeOf(request), { publication: null }));
    }
    if (look.kind === 'over') {
      const publication = await this.publications.byId(look.publicationId);
      const view = { publication: pagePublication(publication) };
      return sendPage(reply, 410, this.pages.render('link-over', publication.locale, view));
    }
    const { grant, reward } = look;
    const publication = await this.publications.byId(grant.publicationId);
    const reader = await findSubscriber(this.database.reader, publication.id, grant.subscriberId);
    const locale = reader?.locale ?? publication.locale;
    if (look.kind === 'given') {
      const view = { publication: pagePublication(publication), reward: reward.name, shippingDays: SHIPPING_DAYS };
      return sendPage(reply, 200, this.pages.render('claim-given', locale, view));
    }
    const status = Object.keys(form.problems).length > 0 ? 422 : 200;
    return sendPage(reply, status, this.pages.render('claim', locale, claimView(publication, reward, form, locale)));
  }
}
