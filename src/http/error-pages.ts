import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Pages } from '../platform/pages.js';
import { localeOf } from './locale-of.js';
import type { PageViews } from './page-views.js';
import { StaffErrorPages } from './staff/staff-error-pages.js';

/** Errors as people see them, on the routes that people open. */
@Injectable()
export class ErrorPages {
  constructor(
    private readonly pages: Pages<PageViews>,
    private readonly staff: StaffErrorPages,
  ) {}

  /** A browser on a public page; programs and the API get problem+json. */
  wantsPage(request: FastifyRequest): boolean {
    return !request.url.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html');
  }

  async render(
    request: FastifyRequest,
    reply: FastifyReply,
    problem: { status: number; code: string; detail: string; requestId: string },
    retryAfterSeconds: number,
  ): Promise<string> {
    // While the database is away nobody is signed in.
    if (/^\/admin(\/|\?|$)/.test(request.url) && problem.status !== 503) {
      return this.staff.render(request, reply, problem);
    }
    const locale = localeOf(request);
    if (problem.status === 429) {
      return this.pages.render('slow-down', locale, {
        publication: null,
        minutes: Math.ceil(retryAfterSeconds / 60),
        backUrl: formUrl(request),
      });
    }
    return this.pages.render('problem', locale, {
      publication: null,
      status: problem.status,
      detail: null,
      requestId: problem.requestId,
    });
  }
}

/** The join form, for who sent it; the door of the hub is only found with a publication in the query. */
function formUrl({ url }: FastifyRequest): string | null {
  return /^\/join\/[^/?]+/.exec(url)?.[0] ?? null;
}
