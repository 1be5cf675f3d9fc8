import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, invalid } from '../domain/errors.js';
import { HeldKeys } from '../idempotency/held-keys.js';
import type { IdempotencyKey } from '../idempotency/idempotency.entities.js';
import { ANSWER_ERASED, findKey, giveKeyBack, keepAnswer, takeKey } from '../idempotency/idempotency.store.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import type { Caller } from './authenticate.js';
import { digestOf, readThrough } from './csv-body.js';

export const LONGEST_KEY = 255;
const ANSWERS_KEPT_MS = 24 * 3_600_000;
/** The operator's keys belong to no publication (RFC 9562, 5.9). */
const OPERATOR = '00000000-0000-0000-0000-000000000000';

declare module 'fastify' {
  interface FastifyRequest {
    /** The Idempotency-Key that this request has taken and must settle. */
    heldKey: Pick<IdempotencyKey, 'publicationId' | 'key' | 'owner'> | null;
  }
}

/**
 * `Idempotency-Key` on every POST of the API. Hooks of Fastify and not an interceptor of Nest: the answer to keep is the one
 * that leaves, after the errors' filter. A key is taken after the caller is known and the body is read, before its validation.
 *
 * As with Stripe, what was refused before anything was carried out uses up no key: the caller corrects the request and may
 * send it again with the same one. Everything that came of carrying it out is kept, a conflict or an error of ours too, so
 * that a repetition never tries a second time what may have happened.
 */
export function useIdempotencyKeys(fastify: FastifyInstance, database: Database, clock: Clock, log: Log): void {
  const held = new HeldKeys(database);
  fastify.decorateRequest('heldKey', null);
  fastify.addHook('onClose', async () => held.stop());

  fastify.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === null || request.caller === null) return;
    const given = {
      publicationId: request.caller.publicationId ?? OPERATOR,
      key,
      owner: held.owner,
      requestHash: hashOf(request, request.caller),
    };
    const now = clock.now();
    const outdated = new Date(now.getTime() - ANSWERS_KEPT_MS);
    // Twice, for a key that was given back between the two looks.
    for (let attempt = 0; attempt < 2; attempt++) {
      if (await takeKey(database.reader, { ...given, createdAt: now }, outdated)) {
        request.heldKey = given;
        held.add(given);
        return;
      }
      const known = await findKey(database.reader, given.publicationId, key);
      if (known !== null) return answerAgain(known, await sameAs(known, request, request.caller), reply);
    }
    throw new DomainError('idempotency/in-progress');
  });

  fastify.addHook('onSend', async (request, reply, payload: unknown) => {
    const key = request.heldKey;
    if (key === null) return payload;
    request.heldKey = null;
    try {
      await settle(database, { ...key, requestHash: hashOf(request, request.caller!) }, reply, payload);
    } catch (error) {
      // The work is done and answered; only a repetition will be told that nobody knows.
      log.warn({ reqId: request.id, err: error }, 'the answer to an Idempotency-Key could not be kept');
    }
    held.remove(key);
    return payload;
  });
}

function keyOf(request: FastifyRequest): string | null {
  if (request.method !== 'POST' || !request.url.startsWith('/api/v1/')) return null;
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && key.length <= LONGEST_KEY && /^[\x21-\x7e][\x20-\x7e]*$/.test(key)) return key;
  throw invalid('Idempotency-Key', `must be 1 to ${LONGEST_KEY} printable ASCII characters`);
}

/**
 * What makes two requests the same. The role is part of it: a key that sees less must not be given what one that sees more was
 * told. JSON is compared as it was understood, not byte for byte. Of a body that streams the length stands for it until it was read.
 */
function hashOf(request: FastifyRequest, { role }: Caller): Buffer {
  const { body } = request;
  const text =
    body instanceof Readable
      ? (digestOf(body) ?? `stream of ${request.headers['content-length'] ?? 'unknown length'}`)
      : typeof body === 'string'
        ? body
        : JSON.stringify(body ?? null);
  return createHash('sha256').update(`${request.method}\n${request.url}\n${role}\n`).update(text).digest();
}

/** Whether this is the request that took the key. A body that streams has to be read for it once the first one was. */
async function sameAs(known: IdempotencyKey, request: FastifyRequest, caller: Caller): Promise<boolean> {
  if (known.status !== null && request.body instanceof Readable) await readThrough(request.body);
  return known.requestHash.equals(hashOf(request, caller));
}

function answerAgain(known: IdempotencyKey & { isAlive: boolean }, isSame: boolean, reply: FastifyReply): FastifyReply {
  if (known.status === ANSWER_ERASED) throw new DomainError('idempotency/answer-erased');
  if (!isSame) throw new DomainError('idempotency/other-body');
  if (known.status === null) {
    throw new DomainError(known.isAlive ? 'idempotency/in-progress' : 'idempotency/outcome-unknown');
  }
  void reply.status(known.status).header('idempotent-replayed', 'true').header('cache-control', 'no-store');
  if (known.contentType !== null) void reply.type(known.contentType);
  return reply.send(known.response ?? undefined);
}

async function settle(
  database: Database,
  key: NonNullable<FastifyRequest['heldKey']> & Pick<IdempotencyKey, 'requestHash'>,
  reply: FastifyReply,
  payload: unknown,
): Promise<void> {
  const response = typeof payload === 'string' ? payload : null;
  const outcome = outcomeOf(reply.statusCode, response);
  if (outcome === 'refused') return giveKeyBack(database.reader, key);
  if (outcome === 'unknown') return; // nobody renews its lease from here on
  const contentType = reply.getHeader('content-type');
  await keepAnswer(database.reader, key, {
    requestHash: key.requestHash,
    status: reply.statusCode,
    contentType: typeof contentType === 'string' ? contentType : null,
    response: response === null || response === '' ? null : withoutSecrets(response),
  });
}

/** `unknown`: the database went away while the work was running, perhaps with its commit. */
function outcomeOf(status: number, response: string | null): 'carried out' | 'refused' | 'unknown' {
  if (status < 400) return 'carried out';
  if (status === 503) return 'unknown';
  const code = response === null ? '' : String((JSON.parse(response) as { code?: unknown }).code);
  return /^(request|auth)\//.test(code) || code === 'service/conflict' ? 'refused' : 'carried out';
}

function withoutSecrets(response: string): string {
  if (!response.includes('"secret"')) return response;
  return JSON.stringify(JSON.parse(response, (name, value: unknown) => (name === 'secret' ? null : value)));
}
