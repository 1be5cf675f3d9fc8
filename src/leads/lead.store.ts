import { rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';

/** A referred subscriber as marketing sees them. */
export interface LeadRow {
  id: string;
  email: string;
  firstName: string | null;
  attributes: Record<string, string | number | boolean | null>;
  heardFrom: string | null;
  referrerId: string;
  /** Null of an erased referrer. */
  referrerEmail: string | null;
  referrerCode: string;
  content: string | null;
  channel: string;
  stage: string;
  signedUpAt: Date;
  verifiedAt: Date | null;
}

export interface LeadFilter {
  /** Days in the publication's zone, both included. */
  from: string | null;
  to: string | null;
  timezone: string;
  content: string | null;
  channel: string | null;
  stage: string | null;
  /** The part of the address after the @. */
  domain: string | null;
  referrerId: string | null;
}

/**
 * Confirmed addresses of referrals that count or may still count. A referral's stage is the last that it reached; before that
 * it is `signed_up`.
 */
const LEADS = `
  select * from (
    select r.id, friend.email, friend.first_name, friend.attributes, friend.heard_from,
      ref.id as referrer_id, ref.email as referrer_email, code.code as referrer_code,
      content.slug as content, r.channel, coalesce(stage.stage, 'signed_up') as stage,
      r.created_at as signed_up_at, r.verified_at
    from referrals r
    join subscribers friend on friend.publication_id = r.publication_id and friend.id = r.referred_id
    join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
    join subscribers ref on ref.publication_id = p.publication_id and ref.id = p.subscriber_id
    join share_codes code on code.publication_id = p.publication_id and code.participant_id = p.id
    left join contents content on content.publication_id = r.publication_id and content.id = r.content_id
    left join lateral (
      select s.stage from referral_stages s where s.publication_id = r.publication_id and s.referral_id = r.id
      order by s.at desc, s.stage desc limit 1) stage on r.state = 'verified'
    where r.publication_id = $1 and r.state in ('held', 'verified') and friend.confirmed_at is not null and friend.status <> 'erased'
      and ($2::date is null or r.created_at >= $2::date::timestamp at time zone $4)
      and ($3::date is null or r.created_at < ($3::date + 1)::timestamp at time zone $4)
  ) lead
  where ($5::text is null or content = $5) and ($6::text is null or channel = $6) and ($7::text is null or stage = $7)
    and ($8::text is null or lower(split_part(email, '@', 2)) = lower($8)) and ($9::uuid is null or referrer_id = $9)`;

function parameters(publicationId: string, f: LeadFilter): unknown[] {
  return [publicationId, f.from, f.to, f.timezone, f.content, f.channel, f.stage, f.domain, f.referrerId];
}

export async function listLeads(
  tx: Tx,
  publicationId: string,
  filter: LeadFilter,
  page: PageRequest,
): Promise<LeadRow[]> {
  return rows(tx, `${LEADS} and ($10::uuid is null or id < $10) order by id desc limit $11`, [
    ...parameters(publicationId, filter),
    page.after,
    page.limit + 1,
  ]);
}

/** All leads, oldest first, as SQL for a streamed read. */
export function allLeads(publicationId: string, filter: LeadFilter): { sql: string; parameters: unknown[] } {
  return { sql: `${LEADS} order by id`, parameters: parameters(publicationId, filter) };
}
