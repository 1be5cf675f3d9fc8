import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { OpenDownload } from '../../flows/open-download.js';
import { Pages } from '../../platform/pages.js';
import { localeOf } from '../locale-of.js';
import type { PageViews } from '../page-views.js';
import { Public } from '../policy.js';
import { pagePublication, PublicationPages } from './publication-page.js';

const Token = z.string().max(200);

/** The signed link to a protected reward. It ends; the reader's hub has a new one. */
@ApiExcludeController()
@Controller('download')
export class DownloadController {
  constructor(
    private readonly openDownload: OpenDownload,
    private readonly pages: Pages<PageViews>,
    private readonly publications: PublicationPages,
  ) {}

  @Get(':token')
  @Public()
  async open(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const opened = await this.openDownload.run(token);
    void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    if (opened.kind === 'open') return reply.redirect(opened.url, 302);
    const publication = opened.kind === 'over' ? await this.publications.byId(opened.publicationId) : null;
    const view = { publication: publication && pagePublication(publication) };
    const html = this.pages.render('link-over', publication?.locale ?? localeOf(request), view);
    return reply
      .status(publication === null ? 404 : 410)
      .type('text/html; charset=utf-8')
      .send(html);
  }
}
