import { createHash } from 'node:crypto';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { normaliseShareCode } from '../../domain/share-code.js';
import { shareLink } from '../../domain/share-words.js';
import { TargetLookup } from '../../clicks/target-lookup.js';
import { Links } from '../../platform/links.js';
import { QrCodes } from '../../platform/pictures/qr-code.js';
import { Slug } from '../api/fields.js';
import { isKnownTag } from '../entity-tag.js';
import { Public } from '../policy.js';
import { lenient } from './form-fields.js';

const FileName = z.string().max(200);
const For = z.object({ for: lenient(64) });

/** Share links as codes for a camera: `/qr/{code}.svg`, `/qr/{code}/{content}.png`. They say `via=qr`. */
@ApiExcludeController()
@Controller('qr')
export class QrCodeController {
  constructor(
    private readonly targets: TargetLookup,
    private readonly codes: QrCodes,
    private readonly links: Links,
  ) {}

  @Get(':file')
  @Public()
  ofPublication(
    @Param('file', { schema: FileName }) file: string,
    @Query({ schema: For }) query: z.infer<typeof For>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { name, format } = parts(file);
    return this.answer(name, undefined, format, query.for, request, reply);
  }

  @Get(':code/:file')
  @Public()
  ofContent(
    @Param('code', { schema: FileName }) code: string,
    @Param('file', { schema: FileName }) file: string,
    @Query({ schema: For }) query: z.infer<typeof For>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { name, format } = parts(file);
    if (!Slug.safeParse(name).success) throw new DomainError('request/not-found');
    return this.answer(code, name, format, query.for, request, reply);
  }

  private async answer(
    typed: string,
    content: string | undefined,
    format: 'svg' | 'png',
    variant: string | null,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const code = normaliseShareCode(typed);
    if (code === null || (await this.targets.find(code)) === null) throw new DomainError('request/not-found');
    const link = shareLink(this.links.share(code, content), 'qr', variant);
    const tag = `"${createHash('sha256').update(`${format} ${link}`).digest('base64url').slice(0, 22)}"`;
    // A code never changes hands, so what it says stays right.
    void reply.header('cache-control', 'public, max-age=86400').header('etag', tag);
    if (isKnownTag(tag, request.headers['if-none-match'])) return reply.status(304).send();
    if (format === 'png') return reply.type('image/png').send(await this.codes.png(link));
    void reply.header('content-security-policy', `default-src 'none'; sandbox`);
    return reply.type('image/svg+xml; charset=utf-8').send(this.codes.svg(link, 'QR code'));
  }
}

function parts(file: string): { name: string; format: 'svg' | 'png' } {
  const [, name, format] = /^(.+)\.(svg|png)$/i.exec(file) ?? [];
  if (name === undefined) throw new DomainError('request/not-found');
  return { name, format: format!.toLowerCase() as 'svg' | 'png' };
}
