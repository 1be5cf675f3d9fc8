import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { reasonPages } from '../domain/reason-pages.js';
import { Pages } from '../platform/pages.js';
import { readCatalogues } from '../platform/words.js';
import type { PageViews } from './page-views.js';
import { Public } from './policy.js';

/** The document is made from all routes, so it is there only once they are. */
export class ApiDocument {
  current: OpenAPIObject | null = null;
}

const VIEWER = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>API · Kuchikomi</title>
  <link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
  <script src="/docs/swagger-ui-bundle.js" defer></script>
  <script src="/assets/docs.js" defer></script>
</head>
<body><div id="api"></div></body>
</html>
`;

/** The API's description, for programs and for people. */
@ApiExcludeController()
@Controller()
export class DocsController {
  /** Without the marks of docs/reasons.md. */
  private readonly reasonPages = reasonPages(readCatalogues()).map(({ shown, weighed, act, ...page }) => {
    const [plainShown = '', plainWeighed = '', plainAct = ''] = [shown, weighed, act].map((text) =>
      text.replaceAll('`', ''),
    );
    return { ...page, shown: plainShown, weighed: plainWeighed, act: plainAct };
  });

  constructor(
    private readonly document: ApiDocument,
    private readonly pages: Pages<PageViews>,
  ) {}

  /** Nobody is sent here by us; whoever looks where Kuchikomi runs is a developer. */
  @Get()
  @Public()
  root(@Res() reply: FastifyReply) {
    return reply.redirect('/docs');
  }

  @Get('openapi.json')
  @Public()
  json() {
    return this.document.current;
  }

  @Get('docs')
  @Public()
  viewer(@Res() reply: FastifyReply) {
    // The viewer sets styles from its script, which needs inline styles allowed on this one page.
    void reply.header(
      'content-security-policy',
      "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    return reply.type('text/html; charset=utf-8').send(VIEWER);
  }

  /** Where the reasons of a referral point to in the API. */
  @Get('docs/reasons')
  @Public()
  reasons(@Res() reply: FastifyReply) {
    const html = this.pages.render('reasons', 'en', { publication: null, reasons: this.reasonPages });
    return reply.type('text/html; charset=utf-8').send(html);
  }
}
