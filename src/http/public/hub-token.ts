import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../platform/clock.js';
import { Pages } from '../../platform/pages.js';
import { Tokens } from '../../platform/tokens.js';
import type { Publication } from '../../publications/publication.entities.js';
import { localeOf } from '../error-pages.js';
import type { PageViews } from '../page-views.js';
import { pagePublication, PublicationPages } from './publication-page.js';

/** Whose page a token opens. */
interface Opened {
  publication: Publication;
  subscriberId: string;
}

/** The token of a reader's page, for what lies behind it. */
@Injectable()
export class HubTokens {
  constructor(
    private readonly clock: Clock,
    private readonly tokens: Tokens,
    private readonly pages: Pages<PageViews>,
    private readonly publications: PublicationPages,
  ) {}

  /** Null for a token that opens nothing; then the answer has been given. */
  async open(token: string, request: FastifyRequest, reply: FastifyReply): Promise<Opened | null> {
    const subject = this.tokens.read('hub', token);
    const publication = subject === null ? null : await this.publications.byId(subject.publicationId);
    if (
      subject !== null &&
      publication !== null &&
      subject.expiresAt !== null &&
      subject.expiresAt > this.clock.now()
    ) {
      return { publication, subscriberId: subject.id };
    }
    await this.expired(publication, request, reply);
    return null;
  }

  async expired(publication: Publication | null, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const view = { publication: publication && pagePublication(publication) };
    const html = this.pages.render('hub-expired', publication?.locale ?? localeOf(request), view);
    await sendPage(reply, publication === null ? 404 : 410, html);
  }
}

/** A page of one reader: nobody on the way keeps it. */
export function sendPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.status(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
}
