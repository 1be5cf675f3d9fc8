import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Pages } from '../platform/pages.js';
import type { Locale } from '../platform/templates.js';
import type { PageViews } from './page-views.js';

/** Errors as people see them, on the routes that people open. */
@Injectable()
export class ErrorPages {
  constructor(private readonly pages: Pages<PageViews>) {}

  /** A browser on a public page; programs and the API get problem+json. */
  wantsPage(request: FastifyRequest): boolean {
    return !request.url.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html');
  }

  render(request: FastifyRequest, problem: { status: number; requestId: string }, retryAfterSeconds: number): string {
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

/** The language of a browser where no publication tells one. */
export function localeOf(request: FastifyRequest): Locale {
  return /^\s*ja\b/i.test(request.headers['accept-language'] ?? '') ? 'ja' : 'en';
}
