import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RecordClick } from '../../flows/record-click.js';
import { Pages } from '../../platform/pages.js';
import { localeOf } from '../locale-of.js';
import type { PageViews } from '../page-views.js';
import { Public } from '../policy.js';
import { ReaderCookie } from './reader-cookie.js';

const Segment = z.string().max(200);

/** Share links. The route answers HEAD too, as Fastify gives every GET one; both take the same way. */
@ApiExcludeController()
@Controller('r')
export class ShareLinkController {
  constructor(
    private readonly recordClick: RecordClick,
    private readonly readerCookie: ReaderCookie,
    private readonly pages: Pages<PageViews>,
  ) {}

  @Get(':code')
  @Public()
  ofPublication(
    @Param('code', { schema: Segment }) code: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.follow(code, null, request, reply);
  }

  @Get(':code/:content')
  @Public()
  ofContent(
    @Param('code', { schema: Segment }) code: string,
    @Param('content', { schema: Segment }) content: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.follow(code, content, request, reply);
  }

  private async follow(
    code: string,
    contentSlug: string | null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const queryAt = request.url.indexOf('?');
    const result = await this.recordClick.run({
      code,
      contentSlug,
      query: queryAt < 0 ? [] : [...new URLSearchParams(request.url.slice(queryAt + 1))],
      method: request.method,
      ip: request.ip,
      headers: request.headers,
      readerId: this.readerCookie.read(request),
    });
    void reply.header('cache-control', 'no-store');
    if (result.kind === 'redirect') return reply.redirect(result.location, 302);
    return reply
      .status(404)
      .type('text/html; charset=utf-8')
      .send(this.pages.render('unknown-link', localeOf(request), { publication: null }));
  }
}
