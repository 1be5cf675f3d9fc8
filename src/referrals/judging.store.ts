import type { ConfirmTrace, OtherSignup, OwnSignup, ReferrerTrace } from '../domain/fraud/traces.js';
import type { Passed } from '../domain/fraud/decide.js';
import { oneRow, type Tx } from '../platform/database.js';
import { listedIn } from './fraud-list.store.js';
import type { ListKeys } from './signal.store.js';

/** Held until the transaction ends by everything that judges friends of one referrer: of 50 at once each sees those before it. */
export async function lockJudging(tx: Tx, publicationId: string, referrerId: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`judging/${publicationId}/${referrerId}`]);
}

export interface Judging {
  friend: { subscriberId: string; domain: Buffer | null; stem: Buffer | null; list: ListKeys };
  /** The participant, and the subscriber who they are. */
  referrer: { id: string; subscriberId: string };
  confirmation: { ip: string | null; network: Buffer | null; agent: Buffer | null; isScript: boolean; isDriven: boolean; afterSendMs: number | null } | null; // prettier-ignore
  now: Date;
}

/** What the database knows of a friend who confirms, and of the signups around theirs. */
export interface Surroundings {
  signup: OwnSignup | null;
  confirmation: ConfirmTrace | null;
  others: OtherSignup[];
  referrerAt: ReferrerTrace;
  isKnownHouse: boolean;
  isCrowded: boolean;
  listed: 'allow' | 'block' | null;
  passed: Passed;
}

/** Signups of one referrer that are compared: those of this time, the nearest to now. More make no clearer picture, only a slower one. */
const COMPARED = { interval: '30 days', most: 200 };
/** So many sources beside the referrer on one network within a day make it a crowd's, not a house's. */
const CROWD = 20;
/** A reader vouches for their domain after so long: nobody plants one and waits. */
const KNOWN_AFTER = '7 days';

const hex = (column: string): string => `encode(${column}, 'hex')`;
const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;
const TRACE = (
  row: string,
): string => `'at', ${ms(`${row}.at`)}, 'network', ${hex(`${row}.network`)}, 'agent', ${hex(`${row}.agent`)},
  'domain', ${hex(`${row}.domain`)}, 'stem', ${hex(`${row}.stem`)}, 'clickId', ${row}.click_id`;

/**
 * Notes how a friend confirmed, and reads all that their referral is judged by; one statement, since every confirmation of a referred
 * friend waits for it. The lock of the referrer must be held.
 */
const SURROUNDINGS = `
  with own as (
    update signup_signals set confirmed_at = $5, confirm_network = $6, confirm_agent = $7, confirm_script = $8, confirm_after_ms = $9,
      domain = $10, stem = $11
    where publication_id = $1 and subscriber_id = $2 returning *
  ), others as (
    select o.* from signup_signals o, own where o.publication_id = $1 and o.referrer_id = $3 and o.subscriber_id <> $2
      and o.at > own.at - interval '${COMPARED.interval}' order by o.at desc limit ${COMPARED.most}
  ), crowd as (
    select distinct coalesce(c.referrer_id, c.subscriber_id) from (
      select c.referrer_id, c.subscriber_id from signup_signals c, own where c.publication_id = $1 and c.network = own.network
        and c.at between own.at - interval '1 day' and own.at + interval '1 day' and c.referrer_id is distinct from $3 limit 1000) c
    limit ${CROWD}
  )
  select
    (select jsonb_build_object(${TRACE('own')}, 'isScript', own.script, 'fillMs', own.fill_ms, 'browserOf', own.browser_of,
       'earlierKey', ${hex('own.earlier_key')}) from own) as signup,
    (select coalesce(jsonb_agg(jsonb_build_object(${TRACE('o')}, 'subscriberId', o.subscriber_id, 'signupKey', ${hex('o.signup_key')},
       'isConfirmed', o.confirmed_at is not null)), '[]') from others o) as others,
    (select jsonb_build_object('browsers', jsonb_build_array(
         jsonb_build_object('network', ${hex('r.network')}, 'agent', ${hex('r.agent')}),
         jsonb_build_object('network', ${hex('r.confirm_network')}, 'agent', ${hex('r.confirm_agent')})), 'at', ${ms('r.at')},
       'signupKey', ${hex('r.signup_key')}) from signup_signals r where r.publication_id = $1 and r.subscriber_id = $4) as referrer_at,
    (select count(*) from crowd) >= ${CROWD} as is_crowded,
    $10::bytea is not null and exists (select 1 from signup_signals k
      join subscribers s on s.publication_id = k.publication_id and s.id = k.subscriber_id
      where k.publication_id = $1 and k.domain = $10 and s.confirmed_at is not null and k.at < $5::timestamptz - interval '${KNOWN_AFTER}'
      and k.referrer_id is distinct from $3 and k.subscriber_id not in ($2, $4)) as is_known_house,
    ${listedIn('$1', '$12', '$13', '$14::inet', '(select own.ip from own)')} as listed,
    (select jsonb_build_object('hour', count(*) filter (where a.at > $5::timestamptz - interval '1 hour'), 'day', count(*))
     from referral_assessments a where a.publication_id = $1 and a.referrer_id = $3 and a.at > $5::timestamptz - interval '1 day'
       and a.outcome = 'passed' and not a.allowed and a.referral_id <> $15) as passed`;

export async function readSurroundings(
  tx: Tx,
  publicationId: string,
  referralId: string,
  { friend, referrer, confirmation, now }: Judging,
): Promise<Surroundings> {
  const row = await oneRow<Omit<Surroundings, 'confirmation' | 'referrerAt'> & { referrerAt: Surroundings['referrerAt'] | null }>(
    tx,
    SURROUNDINGS,
    [
      publicationId, friend.subscriberId, referrer.id, referrer.subscriberId, now, confirmation?.network ?? null, confirmation?.agent ?? null,
      confirmation?.isScript ?? null, confirmation?.afterSendMs ?? null, friend.domain, friend.stem, friend.list.abuseKey, friend.list.domains,
      confirmation?.ip ?? null, referralId,
    ],
  ); // prettier-ignore
  const inHex = (key: Buffer | null): string | null => key?.toString('hex') ?? null;
  return {
    ...row!,
    referrerAt: row!.referrerAt ?? { browsers: [], at: null, signupKey: null },
    confirmation: confirmation && {
      ...confirmation,
      network: inHex(confirmation.network),
      agent: inHex(confirmation.agent),
    },
  };
}
