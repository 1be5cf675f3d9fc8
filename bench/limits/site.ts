import Fastify from 'fastify';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';

/*
 * Signups and confirmations as bare Fastify and pg would do them: the statements of one transaction that Kuchikomi needs too, on the
 * same tables, and no more. No key of the API, no checks of what came in, no answer read back.
 */

const { DATABASE_URL, PUBLICATION = '', PROGRAM = '' } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 20 });

type Run = <Row extends pg.QueryResultRow>(sql: string, values: unknown[]) => Promise<Row | undefined>;

async function transaction<T>(work: (run: Run) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const done = await work(async <Row extends pg.QueryResultRow>(sql: string, values: unknown[]) => {
      return (await client.query<Row>(sql, values)).rows[0];
    });
    await client.query('commit');
    return done;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

const noteChange = (run: Run, referralId: string, from: string | null, to: string) =>
  run(
    `insert into referral_events (publication_id, id, referral_id, from_state, to_state, reasons, actor, at) values ($1, $2, $3, $4, $5, '[]', 'reader', now())`,
    [PUBLICATION, uuidv7(), referralId, from, to],
  );

const noteConsent = (run: Run, subscriberId: string, act: string) =>
  run(
    `insert into consents (publication_id, id, subscriber_id, act, source, text_version, at) values ($1, $2, $3, $4, 'api', 'bench', now())`,
    [PUBLICATION, uuidv7(), subscriberId, act],
  );

const promiseMail = (run: Run, subscriberId: string, message: string) =>
  run(
    `insert into mails (publication_id, id, subscriber_id, message, data, dedupe_key, priority, state, attempts, uncertain, due_at, created_at)
     values ($1, $2, $3, $4, '{}', $5, 0, 'waiting', 0, false, now(), now()) on conflict (publication_id, dedupe_key) do nothing`,
    [PUBLICATION, uuidv7(), subscriberId, message, `${message}:${subscriberId}`],
  );

const fastify = Fastify();

fastify.post<{ Body: { email: string; ref: string } }>('/signups', async (request, reply) => {
  const { email, ref } = request.body;
  const subscriberId = uuidv7();
  const participantId = uuidv7();
  const referralId = uuidv7();
  await transaction(async (run) => {
    await run(
      `insert into subscribers (publication_id, id, email, email_key, abuse_key, status, locale, attributes, created_at, changed_at)
       values ($1, $2, $3, $3, $3, 'pending', 'en', '{}', now(), now()) on conflict (publication_id, email_key) do nothing`,
      [PUBLICATION, subscriberId, email],
    );
    await run(
      `insert into participants (publication_id, id, program_id, subscriber_id, created_at) values ($1, $2, $3, $4, now())`,
      [PUBLICATION, participantId, PROGRAM, subscriberId],
    );
    await run('insert into share_codes (code, publication_id, participant_id) values ($1, $2, $3) on conflict do nothing', [
      participantId.replaceAll('-', ''), PUBLICATION, participantId,
    ]); // prettier-ignore
    const referrer = await run<{ participantId: string }>(
      'select participant_id as "participantId" from share_codes where publication_id = $1 and code = $2',
      [PUBLICATION, ref],
    );
    await run(
      `insert into referrals (publication_id, id, program_id, referrer_id, referred_id, state, reasons, channel, created_at)
       values ($1, $2, $3, $4, $5, 'pending', '[]', 'copy', now()) on conflict (publication_id, referred_id) do nothing`,
      [PUBLICATION, referralId, PROGRAM, referrer!.participantId, subscriberId],
    );
    await noteChange(run, referralId, null, 'pending');
    await noteConsent(run, subscriberId, 'asked');
    await run(
      'insert into mail_limits (address, recent, latest) values ($1, array[now()], now()) on conflict do nothing',
      [Buffer.from(participantId.replaceAll('-', ''), 'hex')],
    );
    await promiseMail(run, subscriberId, 'confirm');
  });
  return reply.status(201).send({ id: subscriberId });
});

fastify.post<{ Params: { id: string } }>('/confirms/:id', async (request) => {
  const { id } = request.params;
  await transaction(async (run) => {
    await run('select * from subscribers where publication_id = $1 and id = $2 for no key update', [PUBLICATION, id]);
    const referral = await run<{ id: string; referrer: string }>(
      `select id, referrer_id as referrer from referrals where publication_id = $1 and referred_id = $2 for no key update`,
      [PUBLICATION, id],
    );
    await run('select pg_advisory_xact_lock(hashtextextended($1, 0))', [id]);
    await run(`update subscribers set status = 'active', confirmed_at = now(), changed_at = now() where publication_id = $1 and id = $2`, [
      PUBLICATION, id,
    ]); // prettier-ignore
    await noteConsent(run, id, 'confirmed');
    await run(
      `update referrals set state = 'verified', verified_at = now(), confirmed_at = now() where publication_id = $1 and id = $2`,
      [PUBLICATION, referral!.id],
    );
    await noteChange(run, referral!.id, 'pending', 'verified');
    await run(`insert into referral_stages (publication_id, referral_id, stage, at) values ($1, $2, 'verified', now())`, [
      PUBLICATION, referral!.id,
    ]); // prettier-ignore
    await run('select pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [PROGRAM]);
    await run(
      `insert into stage_counts (publication_id, participant_id, stage, season, count, changed_at) values ($1, $2, 'verified', 1, 1, now())
       on conflict (publication_id, participant_id, stage, season) do update set count = stage_counts.count + 1, changed_at = now()`,
      [PUBLICATION, referral!.referrer],
    );
    await run('select * from milestones where publication_id = $1 and program_id = $2', [PUBLICATION, PROGRAM]);
    await promiseMail(run, id, 'welcome');
  });
  return { id };
});

await fastify.listen({ port: 0, host: '127.0.0.1' });
process.send!((fastify.server.address() as { port: number }).port);
process.once('SIGTERM', () => process.exit(0));
