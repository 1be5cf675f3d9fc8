import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { Database } from '../../platform/database.js';
import { type Carded, CardPictures } from '../../platform/pictures/card-pictures.js';
import { findContent } from '../../publications/content.store.js';
import { findPublicationBySlug } from '../../publications/publication.store.js';
import { isKnownTag } from '../entity-tag.js';
import { Public } from '../policy.js';

const FileName = z
  .string()
  .max(200)
  .regex(/\.png$/i)
  .transform((file) => file.slice(0, -'.png'.length));

/** The picture that chats show of what is shared: `/card/{publication}.png`, `/card/{publication}/{content}.png`. */
@ApiExcludeController()
@Controller('card')
export class CardController {
  constructor(
    private readonly database: Database,
    private readonly pictures: CardPictures,
  ) {}

  @Get(':file')
  @Public()
  ofPublication(
    @Param('file', { schema: FileName }) publication: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.answer(publication, null, request, reply);
  }

  @Get(':publication/:file')
  @Public()
  ofContent(
    @Param('publication', { schema: z.string().max(200) }) publication: string,
    @Param('file', { schema: FileName }) content: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.answer(publication, content, request, reply);
  }

  private async answer(slug: string, contentSlug: string | null, request: FastifyRequest, reply: FastifyReply) {
    const carded = await this.carded(slug, contentSlug);
    const tag = `"${this.pictures.tag(carded)}"`;
    void reply.header('cache-control', 'public, max-age=3600').header('etag', tag);
    if (isKnownTag(tag, request.headers['if-none-match'])) return reply.status(304).send();
    return reply.type('image/png').send(await this.pictures.png(carded));
  }

  private async carded(slug: string, contentSlug: string | null): Promise<Carded> {
    const tx = this.database.reader;
    const publication = await findPublicationBySlug(tx, slug);
    if (publication === null) throw new DomainError('request/not-found');
    const { locale, name } = publication;
    if (contentSlug === null) return { locale, publication: name, title: name, kind: 'newsletter' };
    const content = await findContent(tx, publication.id, contentSlug);
    if (content === null) throw new DomainError('request/not-found');
    return { locale, publication: name, title: content.title, kind: content.kind };
  }
}
