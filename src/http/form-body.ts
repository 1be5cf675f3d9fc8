import { isUtf8 } from 'node:buffer';
import { BadRequestException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../domain/errors.js';

/**
 * Forms of the public routes, in both ways in which a browser and a mail client send them: RFC 8058 allows each of them for
 * one-click unsubscribing. The API takes JSON: a form there is answered 415, or half of what was meant would be text.
 */
export function useFormParsers(app: NestFastifyApplication, fastify: FastifyInstance, bodyLimit: number): void {
  app.useBodyParser('application/x-www-form-urlencoded', { bodyLimit }, (request, body, done) => {
    try {
      refuseInApi(request as unknown as FastifyRequest);
      done(null, firstOfEach(new URLSearchParams(inUtf8(body))));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
  // What a browser sends of itself when a link with `ping` is followed. It always says `PING`, which nobody needs to know.
  fastify.addContentTypeParser('text/ping', { parseAs: 'buffer', bodyLimit }, (_, __, done) => done(null, undefined));
  fastify.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit },
    async (request: FastifyRequest, body: Buffer) => {
      refuseInApi(request);
      inUtf8(body);
      return firstOfEach(await multipart(body, request.headers['content-type'] ?? ''));
    },
  );
}

function refuseInApi({ url }: FastifyRequest): void {
  if (url.startsWith('/api/')) throw new DomainError('request/unsupported-media-type');
}

/** Bodies must be UTF-8: Node would put U+FFFD in the place of every other byte, and half of a name would be stored. */
export function inUtf8(body: Buffer): string {
  if (isUtf8(body)) return body.toString('utf8');
  throw new BadRequestException('The body is not UTF-8');
}

/** By Node's own parser, the one of fetch. */
async function multipart(body: Buffer, contentType: string): Promise<FormData> {
  try {
    return await new Response(body, { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new BadRequestException('The form cannot be read');
  }
}

/** The fields that may come several times. */
const REPEATED = new Set(['clicks', 'ids', 'events']);

/** Of a field that comes twice the first counts, but for those of which all do; a file is no text and counts as not given. */
function firstOfEach(entries: Iterable<[string, unknown]>): Record<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of entries) {
    if (typeof value !== 'string') continue;
    const known = found.get(name);
    if (known === undefined) found.set(name, value);
    else if (REPEATED.has(name)) found.set(name, `${known},${value}`);
  }
  return Object.fromEntries(found);
}
