import { isUtf8 } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
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

/** The SHA-256 of what has been read of a body so far. */
const digests = new WeakMap<object, Hash>();

/** The digest of a streamed body that was read to its end; null for any other body. */
export function digestOf(body: unknown): Buffer | null {
  return typeof body === 'object' && body !== null ? (digests.get(body)?.copy().digest() ?? null) : null;
}

/** Reads a streamed body for its digest alone. */
export async function readThrough(body: Readable): Promise<void> {
  for await (const chunk of bytesOf(body)) void chunk;
}

/** What arrives. Whoever stops early leaves the connection whole, so that the answer still reaches the client; the rest is thrown away. */
async function* bytesOf(payload: Readable): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  digests.set(payload, hash);
  try {
    for await (const chunk of payload.iterator({ destroyOnReturn: false })) {
      hash.update(chunk as Buffer);
      yield chunk as Buffer;
    }
  } finally {
    if (!payload.readableEnded) payload.resume();
  }
}

/** The body of a route that streams. Throws `request/unsupported-media-type` when something else than text/csv was sent. */
export function streamOf(body: unknown): AsyncIterable<Buffer> {
  if (!(body instanceof Readable)) throw new DomainError('request/unsupported-media-type', 'Send the file as text/csv');
  return bytesOf(body);
}
