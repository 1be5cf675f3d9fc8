import type { FastifyRequest } from 'fastify';
import type { Visitor } from '../../flows/traces.js';

/** Who sends a request, as far as it shows; behind proxies that TRUST_PROXY names, the client that they name. */
export function visitorOf(request: FastifyRequest): Visitor {
  return { ip: request.ip, userAgent: request.headers['user-agent'] ?? null };
}
