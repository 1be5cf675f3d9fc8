import type pg from 'pg';
import { withClient } from './host.js';

/** Share code of the n-th reader, from 1. */
export const codeOf = (n: number): string => `reader-${n}`;

/** Readers with share codes, straight into the tables. Keys are not checked while it writes: its user has to be a superuser. */
export async function populate(url: string, publicationId: string, count: number): Promise<void> {
  await filled(url, ['subscribers', 'participants', 'share_codes'], async (client) => {
    const programId = await onlyProgram(client);
    await people(client, { publicationId, programId, name: 'reader', status: 'active', from: 1, to: count });
  });
}

interface Friends {
  from: number;
  to: number;
  /** So many of the readers brought them, in turn. */
  referrers: number;
  state: 'pending' | 'verified';
}

/** Friends of readers: they have signed up, or confirmed too. Answers their ids. */
export async function populateFriends(url: string, publicationId: string, friends: Friends): Promise<string[]> {
  const { from, to, referrers, state } = friends;
  return filled(url, ['subscribers', 'participants', 'share_codes', 'referrals'], async (client) => {
    const programId = await onlyProgram(client);
    const status = state === 'verified' ? 'active' : 'pending';
    await people(client, { publicationId, programId, name: 'friend', status, from, to });
    const then = state === 'verified' ? 'now()' : 'null';
    const { rows } = await client.query<{ referred: string }>(
      `insert into referrals (publication_id, id, program_id, referrer_id, referred_id, state, reasons, channel, created_at, confirmed_at, verified_at)
       select '${publicationId}', ${idOf('friend', 4)}, '${programId}', ${idOf('reader', 2, `(1 + n % ${referrers})`)}, ${idOf('friend', 1)},
         '${state}', '[]', 'copy', now(), ${then}, ${then} from generate_series(${from}, ${to}) n returning referred_id as referred`,
    );
    if (state === 'verified') await countVerified(client);
    return rows.map(({ referred }) => referred);
  });
}

async function countVerified(client: pg.Client): Promise<void> {
  await client.query(
    `insert into referral_stages (publication_id, referral_id, stage, at, season) select publication_id, id, 'verified', verified_at, 1 from referrals`,
  );
  await client.query(
    `insert into stage_counts (publication_id, participant_id, stage, season, count)
     select publication_id, referrer_id, 'verified', 1, count(*) from referrals group by 1, 2`,
  );
}

async function filled<T>(url: string, tables: readonly string[], work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withClient(url, async (client) => {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    const done = await work(client);
    await client.query('commit');
    await client.query(`vacuum analyze ${tables.join(', ')}`);
    return done;
  });
}

async function onlyProgram(client: pg.Client): Promise<string> {
  return (await client.query<{ id: string }>('select id from programs')).rows[0]!.id;
}

type Name = 'reader' | 'friend';

/** An id that follows from who it is of and of which kind of row: 1 subscriber, 2 participant, 4 referral. */
const idOf = (name: Name, kind: number, n = 'n') =>
  `('01900000-0000-7${kind}${name === 'reader' ? 0 : 1}0-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

async function people(
  client: pg.Client,
  of: { publicationId: string; programId: string; name: Name; status: string; from: number; to: number },
): Promise<void> {
  const { publicationId, programId, name, status } = of;
  const many = `from generate_series(${of.from}, ${of.to}) n`;
  await client.query(
    `insert into subscribers (publication_id, id, email, email_key, abuse_key, status, locale, attributes, created_at, confirmed_at, changed_at)
     select '${publicationId}', ${idOf(name, 1)}, address, address, address, '${status}', 'en', '{}', now(),
       ${status === 'active' ? 'now()' : 'null'}, now() from (select n, '${name}' || n || '@mail.example' as address ${many}) n`,
  );
  await client.query(
    `insert into participants (publication_id, id, program_id, subscriber_id, created_at)
     select '${publicationId}', ${idOf(name, 2)}, '${programId}', ${idOf(name, 1)}, now() ${many}`,
  );
  await client.query(
    `insert into share_codes (code, publication_id, participant_id) select '${name}-' || n, '${publicationId}', ${idOf(name, 2)} ${many}`,
  );
}
