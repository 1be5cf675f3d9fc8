import type { FastifyRequest } from 'fastify';
import type { Browser } from '../../flows/open-session.js';
import type { StaffCookie } from './staff-cookie.js';

/** The browser that a request comes from, as a session remembers it. */
export function browserOf(request: FastifyRequest, cookie: StaffCookie): Browser {
  return { userAgent: request.headers['user-agent'] ?? '', formerToken: cookie.session(request) };
}
