import Fastify from 'fastify';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';

/*
 * The least that a redirect with a durable click takes: bare Fastify and pg, group commit. Each redirect waits until its click is
 * committed with all that arrived meanwhile; one batch is in flight. No look-up of the code, no robots, no repeats, no signed id.
 */

interface Click {
  id: string;
  code: string;
  userAgent: string;
  stored: () => void;
}

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
await pool.query(
  'create table if not exists bare_clicks (id uuid primary key, code text not null, user_agent text, at timestamptz not null)',
);

let waiting: Click[] = [];
let writing = false;

async function write(): Promise<void> {
  writing = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    await pool.query(
      'insert into bare_clicks select id, code, user_agent, now() from unnest($1::uuid[], $2::text[], $3::text[]) as click (id, code, user_agent)',
      [batch.map(({ id }) => id), batch.map(({ code }) => code), batch.map(({ userAgent }) => userAgent)],
    );
    for (const { stored } of batch) stored();
  }
  writing = false;
}

const fastify = Fastify();
fastify.get<{ Params: { code: string } }>('/r/:code', async (request, reply) => {
  await new Promise<void>((stored) => {
    const { params, headers } = request;
    waiting.push({ id: uuidv7(), code: params.code, userAgent: headers['user-agent'] ?? '', stored });
    if (!writing) void write();
  });
  return reply.redirect(`https://letter.example/?ref=${request.params.code}`, 302);
});

await fastify.listen({ port: 0, host: '127.0.0.1' });
process.send!((fastify.server.address() as { port: number }).port);
process.once('SIGTERM', () => process.exit(0));
