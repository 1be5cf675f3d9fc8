import type { FraudLevel } from '../domain/fraud.js';
import { oneRow, rows, type Tx } from '../platform/database.js';

/** What a signup can have in common with another one. */
export const IN_COMMON = ['referrer', 'network', 'agent', 'click', 'domain', 'stem'] as const;
export type InCommon = (typeof IN_COMMON)[number];

/** A referral beside another one. */
export interface SimilarReferral {
  id: string;
  state: string;
  heldFor: string | null;
  createdAt: Date;
  /** Null of an erased reader. */
  referredEmail: string | null;
  referrerEmail: string | null;
  common: InCommon[];
}

const MOST = 12;
/** Looked at in each way before the nearest of all are taken. */
const CANDIDATES = 40;
const NEAR: Record<'network' | 'domain', string> = { network: '1 day', domain: '30 days' };

/**
 * The referrals most like one: those of the same referrer, and those whose signups share a trace with its own. Traces are keyed
 * hashes, so that nothing but what is the same can be told.
 */
export async function listSimilar(tx: Tx, publicationId: string, referralId: string): Promise<SimilarReferral[]> {
  return rows(
    tx,
    `with mine as (select r.*, s.at, s.network, s.agent, s.click_id as by_click, s.domain, s.stem
       from referrals r left join signup_signals s on s.publication_id = r.publication_id and s.subscriber_id = r.referred_id
       where r.publication_id = $1 and r.id = $2
     ), near as (
       (select o.referred_id as subscriber_id from referrals o, mine where o.publication_id = $1 and o.referrer_id = mine.referrer_id
        order by abs(extract(epoch from o.created_at - mine.created_at)) limit ${CANDIDATES})
       union
       (select s.subscriber_id from signup_signals s, mine where s.publication_id = $1 and s.network = mine.network
          and s.at between mine.at - interval '${NEAR.network}' and mine.at + interval '${NEAR.network}' limit ${CANDIDATES})
       union
       (select s.subscriber_id from signup_signals s, mine where s.publication_id = $1 and s.domain = mine.domain
          and s.at between mine.at - interval '${NEAR.domain}' and mine.at + interval '${NEAR.domain}' limit ${CANDIDATES})
     ), found as (
       select r.id, r.state, r.held_for, r.created_at, friend.email as referred_email, ref.email as referrer_email,
         array_remove(array[case when r.referrer_id = mine.referrer_id then 'referrer' end,
           case when s.network = mine.network then 'network' end, case when s.agent = mine.agent then 'agent' end,
           case when s.click_id = mine.by_click then 'click' end, case when s.domain = mine.domain then 'domain' end,
           case when s.stem = mine.stem then 'stem' end], null) as common,
         abs(extract(epoch from r.created_at - mine.created_at)) as apart
       from near
       join referrals r on r.publication_id = $1 and r.referred_id = near.subscriber_id
       join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
       join subscribers ref on ref.publication_id = p.publication_id and ref.id = p.subscriber_id
       join subscribers friend on friend.publication_id = r.publication_id and friend.id = r.referred_id
       left join signup_signals s on s.publication_id = r.publication_id and s.subscriber_id = r.referred_id
       cross join mine
       where r.id <> $2)
     select id, state, held_for, created_at, referred_email, referrer_email, common from found
     order by cardinality(common) desc, apart limit ${MOST}`,
    [publicationId, referralId],
  );
}

/** How the referrals of a participant stand. */
export interface TrackRecord {
  verified: number;
  rejected: number;
  reversed: number;
}

export async function trackRecordOf(tx: Tx, publicationId: string, participantId: string): Promise<TrackRecord> {
  const row = await oneRow<TrackRecord>(
    tx,
    `select count(*) filter (where state = 'verified')::int as verified, count(*) filter (where state = 'rejected')::int as rejected,
       count(*) filter (where state = 'reversed')::int as reversed
     from referrals where publication_id = $1 and referrer_id = $2`,
    [publicationId, participantId],
  );
  if (row === null) throw new Error('a statement without group by gave no row');
  return row;
}

/** By which level a referral was judged when the friend confirmed, and how long after the mail that was; null where nobody knows. */
export async function judgedHow(
  tx: Tx,
  publicationId: string,
  referralId: string,
): Promise<{ level: FraudLevel; confirmedAfterMs: number | null } | null> {
  return oneRow(
    tx,
    `select a.level, s.confirm_after_ms as confirmed_after_ms from referral_assessments a
     join referrals r on r.publication_id = a.publication_id and r.id = a.referral_id
     left join signup_signals s on s.publication_id = r.publication_id and s.subscriber_id = r.referred_id
     where a.publication_id = $1 and a.referral_id = $2`,
    [publicationId, referralId],
  );
}
