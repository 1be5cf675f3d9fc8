import { timingSafeEqual } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../domain/errors.js';
import { allows, type Role, type StaffActor } from '../domain/permissions.js';
import { isLoopbackHost } from '../platform/config.js';
import type { Database } from '../platform/database.js';
import { hashKey } from '../platform/secrets.js';
import { findApiKeyByHash } from '../staff/api-key.store.js';
import { isStaffPolicy, type Policy } from './policy.js';

/** Who calls. `publicationId` is null for the operator, whose key belongs to no publication. */
export interface Caller {
  role: Role;
  publicationId: string | null;
  /** Null for the operator and for who is signed in. */
  keyId: string | null;
  /** Who is signed in, on a page for staff. */
  accountId?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    policy?: Policy;
  }
}

/** Files that everybody may have; they are no routes of a controller and so carry no policy. */
const STATIC = /^\/(assets|docs)\//;

/**
 * Decides before the body is looked at whether a request may do what its route is for. A hook of Fastify and not a guard of
 * Nest, because guards run after parsing: a key that may not would learn that its JSON is broken.
 */
export function authenticate(fastify: FastifyInstance, database: Database, operatorKey: string): void {
  const operatorHash = hashKey(operatorKey);
  fastify.decorateRequest('caller', null);
  fastify.addHook('onRequest', async (request) => {
    if (request.is404 || STATIC.test(request.url)) return;
    const policy = request.routeOptions.config.policy;
    if (policy === 'public' || (policy === 'metrics:read' && isOfThisMachine(request))) return;
    if (policy !== undefined && isStaffPolicy(policy)) return; // staff/guard.ts decides
    const caller = await identify(request.headers.authorization, operatorHash, database);
    if (policy === undefined || !allows(caller.role, policy)) {
      throw new DomainError('auth/forbidden', `A key with the role ${caller.role} may not do that`);
    }
    request.caller = caller;
  });
}

/** A collector on this machine. Who comes through a proxy has its header. */
function isOfThisMachine({ headers, socket }: FastifyRequest): boolean {
  const isForwarded = Object.keys(headers).some((name) => name.startsWith('x-forwarded-') || name === 'forwarded');
  return !isForwarded && isLoopbackHost((socket.remoteAddress ?? '').replace(/^::ffff:/, ''));
}

async function identify(authorization: string | undefined, operatorHash: Buffer, database: Database): Promise<Caller> {
  const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (key === undefined) throw new DomainError('auth/key-missing', 'Send the key as "Authorization: Bearer {key}"');
  const hash = hashKey(key);
  if (timingSafeEqual(hash, operatorHash)) return { role: 'operator', publicationId: null, keyId: null };
  const known = await findApiKeyByHash(database.reader, hash);
  if (known === null) throw new DomainError('auth/key-unknown');
  return { role: known.role, publicationId: known.publicationId, keyId: known.id };
}

/** The caller of a route that is not public. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (caller === null) throw new DomainError('auth/key-missing');
  return caller;
});

/** The id of the publication whose key the caller holds. The operator has none: such routes name theirs in the path. */
export const PublicationId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (caller?.publicationId == null) {
    throw new DomainError('auth/forbidden', 'This needs the key of a publication, not the operator key');
  }
  return caller.publicationId;
});

/** Who acts, as events and the audit log name them. */
export const Actor = createParamDecorator((_: unknown, context: ExecutionContext): StaffActor => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (caller === null) throw new DomainError('auth/key-missing');
  if (caller.accountId !== undefined) return { actor: `account:${caller.accountId}`, role: caller.role };
  return { actor: caller.keyId === null ? 'operator' : `key:${caller.keyId}`, role: caller.role };
});
