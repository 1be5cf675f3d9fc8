import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { BadRequestException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../domain/errors.js';

/** Of a file that a route takes as a whole. */
const CSV_LIMIT = 16 * 1_048_576;
/** Routes that read their file as it arrives, of any length. */
const STREAMED: ReadonlySet<string | undefined> = new Set(['/api/v1/imports']);

/** `text/csv`: as a stream for a route that reads it so, as a string for all others. */
export function useCsvParser(fastify: FastifyInstance): void {
  fastify.addContentTypeParser('text/csv', async (request: FastifyRequest, payload: IncomingMessage) =>
    STREAMED.has(request.routeOptions.url) ? payload : wholeText(payload),
  );
}

async function wholeText(payload: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytesOf(payload)) {
    length += chunk.length;
    if (length > CSV_LIMIT) throw new DomainError('request/too-large');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (!isUtf8(body)) throw new BadRequestException('The body is not UTF-8');
  return body.toString('utf8');
}

/** What arrives. Whoever stops early leaves the connection whole, so that the answer still reaches the client; the rest is thrown away. */
async function* bytesOf(payload: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of payload.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } finally {
    if (!payload.readableEnded) payload.resume();
  }
}

/** The body of a route that takes a file as a whole. Throws `request/unsupported-media-type` when something else than text/csv was sent. */
export function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  throw new DomainError('request/unsupported-media-type', 'Send the file as text/csv');
}

/** The body of a route that streams. Throws `request/unsupported-media-type` when something else than text/csv was sent. */
export function streamOf(body: unknown): AsyncIterable<Buffer> {
  if (!(body instanceof Readable)) throw new DomainError('request/unsupported-media-type', 'Send the file as text/csv');
  return bytesOf(body);
}
