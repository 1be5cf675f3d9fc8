import type { FastifyRequest } from 'fastify';
import type { Locale } from '../platform/templates.js';

/** The language of a browser where no publication tells one. */
export function localeOf(request: FastifyRequest): Locale {
  return /^\s*ja\b/i.test(request.headers['accept-language'] ?? '') ? 'ja' : 'en';
}
