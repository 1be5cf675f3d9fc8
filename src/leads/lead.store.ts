import { FREE_MAIL_PATTERN } from '../domain/mail-providers.js';
import type { Money } from '../domain/money.js';
import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import type { LeadMarks } from './lead.entities.js';
import type { LeadFilter } from './lead-filter.js';

/** A referred subscriber as marketing sees them. */
export interface LeadRow extends Omit<LeadMarks, 'publicationId' | 'referralId' | 'changedAt'> {
  id: string;
  program: string;
  referredId: string;
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
  qualified: boolean;
  /** What they have bought and not given back, one sum for each currency. */
  value: Money[];
  signedUpAt: Date;
  verifiedAt: Date | null;
}

/**
 * Confirmed addresses of referrals that count or may still count. A lead's stage is the furthest that its referral has reached,
 * by the order of domain/stages.ts, one that the program has given up right after `verified`; before any it is `signed_up`.
 */
export const LEAD_FIELDS = `
  r.publication_id, r.id, g.slug as program, friend.id as referred_id, friend.email, friend.first_name, friend.attributes, friend.heard_from,
  ref.id as referrer_id, ref.email as referrer_email, code.code as referrer_code,
  content.slug as content, r.channel, coalesce(stage.stage, 'signed_up') as stage, coalesce(stage.qualified, false) as qualified,
  bought.value, marks.decision_maker, marks.fit, marks.need, marks.owner, marks.note, r.created_at as signed_up_at, r.verified_at`;
export const LEAD_TABLES = `
  referrals r
  join programs g on g.publication_id = r.publication_id and g.id = r.program_id
  join subscribers friend on friend.publication_id = r.publication_id and friend.id = r.referred_id
  join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
  join subscribers ref on ref.publication_id = p.publication_id and ref.id = p.subscriber_id
  join share_codes code on code.publication_id = p.publication_id and code.participant_id = p.id
  left join contents content on content.publication_id = r.publication_id and content.id = r.content_id
  left join lead_marks marks on marks.publication_id = r.publication_id and marks.referral_id = r.id
  cross join lateral (
    select (array_agg(s.stage order by
        coalesce(array_position('{verified}' || g.stages || '{qualified,purchased}', s.stage), 1) desc, s.at desc, s.stage desc))[1] as stage,
      bool_or(s.stage = 'qualified') as qualified
    from referral_stages s where s.publication_id = r.publication_id and s.referral_id = r.id) stage
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('amount', amount, 'currency', currency) order by currency), '[]') as value
    from (
      select currency, sum(amount) as amount from purchases b
      where b.publication_id = r.publication_id and b.subscriber_id = r.referred_id and b.refunded_at is null and b.currency is not null
      group by currency) sums) bought`;
export const IS_LEAD = `r.state in ('held', 'verified') and friend.confirmed_at is not null and friend.status <> 'erased'`;

const DOMAIN = `split_part(friend.email, '@', 2)`;
// A line feed between: what is searched for is one line, so it is never found across two of them.
const SEARCHED = `lower(concat_ws(e'\\n', friend.email, friend.first_name, friend.attributes->>'company', friend.attributes->>'role'))`;

const LEADS = `
  select * from (
    select ${LEAD_FIELDS} from ${LEAD_TABLES} where r.publication_id = $1 and ${IS_LEAD}
      and ($2::date is null or r.created_at >= $2::date::timestamp at time zone $4)
      and ($3::date is null or r.created_at < ($3::date + 1)::timestamp at time zone $4)
      and ($8::text is null or ${DOMAIN} = lower($8))
      and ($11::text is null or ${DOMAIN} = $11 or ${DOMAIN} like '%.' || $11)
      and ($12::boolean is null or (${DOMAIN} ~ $13) <> $12)
      and ($14::text is null or strpos(${SEARCHED}, lower($14)) > 0)
  ) lead
  where ($5::text is null or content = $5) and ($6::text is null or channel = $6) and ($7::text is null or stage = $7)
    and ($9::uuid is null or referrer_id = $9) and ($10::boolean is null or qualified = $10)
    and ($15::text is null or program = $15) and ($16::text is null or lower(owner) = lower($16))`;

function parameters(publicationId: string, f: LeadFilter): unknown[] {
  return [
    ...[publicationId, f.from, f.to, f.timezone, f.content, f.channel, f.stage, f.domain, f.referrerId, f.qualified],
    ...[f.companyDomain, f.workEmail, FREE_MAIL_PATTERN, f.q, f.program, f.owner],
  ];
}

export async function listLeads(
  tx: Tx,
  publicationId: string,
  filter: LeadFilter,
  page: PageRequest,
): Promise<LeadRow[]> {
  return rows(tx, `${LEADS} and ($17::uuid is null or id < $17) order by id desc limit $18`, [
    ...parameters(publicationId, filter),
    page.after,
    page.limit + 1,
  ]);
}

/** How many there are, counted no further than a limit. */
export async function countLeads(tx: Tx, publicationId: string, filter: LeadFilter, limit: number): Promise<number> {
  const row = await oneRow<{ count: number }>(tx, `select count(*)::int as count from (${LEADS} limit $17) found`, [
    ...parameters(publicationId, filter),
    limit,
  ]);
  return row!.count;
}

/** Who leads are noted to belong to, for choosing one. */
export async function listLeadOwners(tx: Tx, publicationId: string): Promise<string[]> {
  const owners = await rows<{ owner: string }>(
    tx,
    `select distinct owner from lead_marks where publication_id = $1 and owner is not null order by owner limit 200`,
    [publicationId],
  );
  return owners.map(({ owner }) => owner);
}

/** All leads, oldest first, as SQL for a streamed read. */
export function allLeads(publicationId: string, filter: LeadFilter): { sql: string; parameters: unknown[] } {
  return { sql: `${LEADS} order by id`, parameters: parameters(publicationId, filter) };
}

export async function findLead(tx: Tx, publicationId: string, id: string): Promise<LeadRow | null> {
  return oneRow(
    tx,
    `select ${LEAD_FIELDS} from ${LEAD_TABLES} where r.publication_id = $1 and r.id = $2 and ${IS_LEAD}`,
    [publicationId, id],
  );
}

/** As findLead. Keeps both people as they are until the transaction ends: an erasure then finds what is written down of them. */
export async function holdLead(tx: Tx, publicationId: string, id: string): Promise<LeadRow | null> {
  await tx.query(
    `select s.id from subscribers s where s.publication_id = $1 and s.id in (
       select referred_id from referrals where publication_id = $1 and id = $2
       union all select p.subscriber_id from referrals r join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
         where r.publication_id = $1 and r.id = $2)
     order by s.id for key share`,
    [publicationId, id],
  );
  return findLead(tx, publicationId, id);
}

export function attributeOf({ attributes }: Pick<LeadRow, 'attributes'>, name: string): string | null {
  const value = attributes[name];
  return value === null || value === undefined ? null : String(value);
}
