import type { FastifyReply } from 'fastify';

/** A page of one reader: nobody on the way keeps it. */
export function sendPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.status(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
}
