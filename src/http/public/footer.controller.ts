import { createHash } from 'node:crypto';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { type Footer, ReadFooter } from '../../flows/read-footer.js';
import { Links } from '../../platform/links.js';
import { FooterBlock } from '../../platform/pictures/footer-block.js';
import { type FooterPicture, FooterPictures } from '../../platform/pictures/footer-pictures.js';
import { isKnownTag } from '../entity-tag.js';
import { Public } from '../policy.js';

const FileName = z.string().max(200);
/** What a newsletter asks for wrongly is shown as it usually is: a letter that is sent cannot be mended. */
const Look = z.object({
  theme: z.enum(['light', 'dark']).nullable().catch(null).default(null),
  locale: z.enum(['en', 'ja']).nullable().catch(null).default(null),
  scale: z.enum(['1', '2']).catch('1'),
});
type Look = z.infer<typeof Look>;

/** An answer that is made only for who does not have it yet. */
interface Answer {
  tag: string;
  type: string;
  policy: string | null;
  body: () => string | Buffer | Promise<Buffer>;
}

/** A reader's public progress, for the foot of newsletters. Who forwards a letter shows no more than it. */
@ApiExcludeController()
@Controller('footer')
export class FooterController {
  constructor(
    private readonly readFooter: ReadFooter,
    private readonly pictures: FooterPictures,
    private readonly block: FooterBlock,
    private readonly links: Links,
  ) {}

  @Get(':file')
  @Public()
  async show(
    @Param('file', { schema: FileName }) file: string,
    @Query({ schema: Look }) look: Look,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const [, code, format] = /^(.+)\.(png|svg|json|html)$/i.exec(file) ?? [];
    const footer = code === undefined ? null : await this.readFooter.run(code);
    if (footer === null) throw new DomainError('request/not-found');
    const picture = this.pictures.of(footer.state, look.locale ?? footer.locale, look.theme ?? 'light');
    const answer = this.answer(format!.toLowerCase(), footer, picture, look);
    const tag = `"${answer.tag}"`;
    // Everything here is public and the same for everybody, so any site may read it.
    void reply.header('cache-control', 'no-cache').header('etag', tag).header('access-control-allow-origin', '*');
    if (isKnownTag(tag, request.headers['if-none-match'])) return reply.status(304).send();
    if (answer.policy !== null) void reply.header('content-security-policy', answer.policy);
    return reply.type(answer.type).send(await answer.body());
  }

  private answer(format: string, footer: Footer, picture: FooterPicture, look: Look): Answer {
    switch (format) {
      case 'svg':
        return {
          tag: picture.id,
          type: 'image/svg+xml; charset=utf-8',
          policy: `default-src 'none'; sandbox`,
          body: () => picture.svg,
        };
      case 'json':
        return whole('application/json; charset=utf-8', JSON.stringify(facts(footer, picture)), null);
      case 'html': {
        const html = this.block.render(footer, picture, picture.drawing.locale, look.theme);
        // Mail takes inline styles alone.
        const policy = `default-src 'none'; img-src ${new URL(this.links.base).origin}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
        return whole('text/html; charset=utf-8', html, policy);
      }
      default: {
        const scale = look.scale === '2' ? 2 : 1;
        return {
          tag: this.pictures.pngTag(picture, scale),
          type: 'image/png',
          policy: null,
          body: () => this.pictures.png(picture, scale),
        };
      }
    }
  }
}

function whole(type: string, body: string, policy: string | null): Answer {
  const tag = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return { tag, type, policy, body: () => body };
}

function facts({ state, shareUrl, hubUrl, footerUrl }: Footer, { title, line, drawing }: FooterPicture): object {
  const next = 'reward' in state ? state : null;
  return {
    count: state.count,
    goal: next?.goal ?? null,
    remaining: next?.remaining ?? null,
    milestone: next?.milestone ?? null,
    reward: next?.reward ?? null,
    title,
    line,
    locale: drawing.locale,
    shareUrl,
    hubUrl,
    footerUrl,
  };
}
