import type { Office } from '../domain/fraud/house.js';
import { FRAUD_WINDOW_MS } from '../domain/fraud/traces.js';
import { oneRow, type Tx } from '../platform/database.js';
import type { SignupSignals } from './fraud.entities.js';
import { listedIn } from './fraud-list.store.js';

export type SignupNote = Omit<
  SignupSignals,
  'publicationId' | 'confirmedAt' | 'confirmNetwork' | 'confirmAgent' | 'confirmScript' | 'confirmAfterMs'
>;

/** What a friend is looked up by in the lists of the publication. */
export interface ListKeys {
  abuseKey: string;
  /** The domain of the address and those above it. */
  domains: readonly string[];
}

/**
 * Keeps the traces of a signup, the newest of a reader; answers on which list the reader stands, and whether
 * the program that they came to asks for a confirmation. Who was bound to a referrer by an
 * earlier signup stays so: null leaves referrer and click as they are.
 */
export async function noteSignup(
  tx: Tx,
  publicationId: string,
  note: SignupNote,
  keys: ListKeys,
): Promise<{ listed: 'allow' | 'block' | null; doubleOptIn: boolean }> {
  const row = await oneRow<{ listed: 'allow' | 'block' | null; doubleOptIn: boolean }>(
    tx,
    `insert into signup_signals as s (publication_id, subscriber_id, at, referrer_id, click_id, ip, network, agent, script, fill_ms, browser_of,
       signup_key, earlier_key, domain, stem)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     on conflict (publication_id, subscriber_id) do update
       set at = excluded.at, referrer_id = coalesce(excluded.referrer_id, s.referrer_id),
         click_id = case when excluded.referrer_id is null then s.click_id else excluded.click_id end,
         ip = excluded.ip, network = excluded.network, agent = excluded.agent, script = excluded.script, fill_ms = excluded.fill_ms,
         browser_of = excluded.browser_of, signup_key = excluded.signup_key, earlier_key = excluded.earlier_key,
         domain = excluded.domain, stem = excluded.stem
     returning ${listedIn('$1', '$16', '$17', '$6::inet')} as listed,
       (select g.double_opt_in from programs g where g.publication_id = $1 and case when s.referrer_id is null then g.slug = 'default'
          else g.id = (select p.program_id from participants p where p.publication_id = $1 and p.id = s.referrer_id) end)`,
    [
      publicationId, note.subscriberId, note.at, note.referrerId, note.clickId, note.ip, note.network, note.agent, note.script, note.fillMs,
      note.browserOf, note.signupKey, note.earlierKey, note.domain, note.stem, keys.abuseKey, keys.domains,
    ], // prettier-ignore
  );
  return row!;
}

/**
 * How many of a friend's house came by the links of their referrer, the friend included, and where the referrer is of the house, what shows of
 * an office: signups on a network on which the referrer had been too. 0 of free mail and where nothing is known.
 */
export async function sizeOfHouse(
  tx: Tx,
  publicationId: string,
  referredId: string,
): Promise<Office & { people: number }> {
  const row = await oneRow<Office & { people: number }>(
    tx,
    `select count(*)::int as people,
       count(distinct o.agent) filter (where r.domain = own.domain and o.network in (r.network, r.confirm_network))::int as kinds,
       count(distinct (o.at at time zone 'UTC')::date)
         filter (where r.domain = own.domain and o.network in (r.network, r.confirm_network))::int as days
     from signup_signals own
     join signup_signals o on o.publication_id = own.publication_id and o.domain = own.domain and o.referrer_id = own.referrer_id
     left join participants p on p.publication_id = own.publication_id and p.id = own.referrer_id
     left join signup_signals r on r.publication_id = p.publication_id and r.subscriber_id = p.subscriber_id
     where own.publication_id = $1 and own.subscriber_id = $2`,
    [publicationId, referredId],
  );
  return row!;
}

/** Takes raw addresses away whose time is over, of all publications. */
export async function forgetIps(tx: Tx, now: Date): Promise<void> {
  await tx.query(`update signup_signals set ip = null where ip is not null and at <= $1`, [
    new Date(now.getTime() - FRAUD_WINDOW_MS),
  ]);
}

/** Takes away what the signups of an erased person left behind. */
export async function forgetSignals(tx: Tx, publicationId: string, subscriberId: string): Promise<void> {
  await tx.query(`delete from signup_signals where publication_id = $1 and subscriber_id = $2`, [
    publicationId,
    subscriberId,
  ]);
}

/** What a reader's signup left behind for the checks that names a network; null once it is gone. */
export async function signupIpOf(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
): Promise<{ at: Date; ip: string | null } | null> {
  return oneRow(tx, `select at, host(ip) as ip from signup_signals where publication_id = $1 and subscriber_id = $2`, [
    publicationId,
    subscriberId,
  ]);
}
