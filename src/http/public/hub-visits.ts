import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../../platform/clock.js';
import { Pages } from '../../platform/pages.js';
import { Tokens } from '../../platform/tokens.js';
import type { Publication } from '../../publications/publication.entities.js';
import { localeOf } from '../locale-of.js';
import type { PageViews } from '../page-views.js';
import { pagePublication, PublicationPages } from './publication-page.js';

/** Whose pages a token opens; or the page that says that it opens none. */
/** Whose pages a token opens. */
export interface OpenVisit {
  kind: 'open';
  publication: Publication;
  subscriberId: string;
  hubPath: string;
}
type HubVisit = OpenVisit | { kind: 'closed'; status: 404 | 410; html: string };

/** Reads the token in the path of a reader's pages, the same for all of them. */
@Injectable()
export class HubVisits {
  constructor(
    private readonly clock: Clock,
    private readonly tokens: Tokens,
    private readonly pages: Pages<PageViews>,
    private readonly publications: PublicationPages,
  ) {}

  async of(token: string, request: FastifyRequest): Promise<HubVisit> {
    const subject = this.tokens.read('hub', token);
    if (subject === null) {
      const claimed = await this.publications.claimedBy(token);
      const view = { publication: claimed && pagePublication(claimed) };
      return {
        kind: 'closed',
        status: 404,
        html: this.pages.render('hub-expired', claimed?.locale ?? localeOf(request), view),
      };
    }
    const publication = await this.publications.byId(subject.publicationId);
    if (subject.expiresAt === null || subject.expiresAt <= this.clock.now()) return this.closed(publication);
    return { kind: 'open', publication, subscriberId: subject.id, hubPath: `/hub/${encodeURIComponent(token)}` };
  }

  /** For a token that is too old, and for a reader who is gone. */
  closed(publication: Publication): HubVisit & { kind: 'closed' } {
    const view = { publication: pagePublication(publication) };
    return { kind: 'closed', status: 410, html: this.pages.render('hub-expired', publication.locale, view) };
  }
}
