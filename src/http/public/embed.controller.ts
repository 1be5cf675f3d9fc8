import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROJECT_ROOT } from '../../platform/templates.js';
import { isKnownTag } from '../entity-tag.js';
import { Public } from '../policy.js';

/** An hour until sites have a new one; for a week it may be the old one while the browser asks. */
const CACHE = 'public, max-age=3600, stale-while-revalidate=604800';

/** The script that a publication's own site loads. It is the same for all, and any site may load it: what may post is said elsewhere. */
@ApiExcludeController()
@Controller('embed.js')
export class EmbedController {
  private readonly script = readScript();
  private readonly packed = gzipSync(this.script, { level: 9 });
  /** Weak: it names the script, packed or not. */
  private readonly tag = `W/"${createHash('sha256').update(this.script).digest('base64url').slice(0, 22)}"`;

  @Get()
  @Public()
  serve(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    void reply
      .header('cache-control', CACHE)
      .header('etag', this.tag)
      .header('access-control-allow-origin', '*')
      .header('vary', 'accept-encoding');
    if (isKnownTag(this.tag, request.headers['if-none-match'])) return reply.status(304).send();
    void reply.type('text/javascript; charset=utf-8');
    if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(request.headers['accept-encoding'] ?? ''))) {
      return reply.send(this.script);
    }
    return reply.header('content-encoding', 'gzip').send(this.packed);
  }
}

/** Without the lines that are comments: a fifth of it, for those who read the repository. */
function readScript(): string {
  const source = readFileSync(path.join(PROJECT_ROOT, 'public/embed.js'), 'utf8');
  const lines = source.split('\n').filter((line) => !/^\s*(\/\/.*|\/\*\*.*\*\/)$/.test(line));
  return lines.join('\n');
}
