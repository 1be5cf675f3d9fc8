import { rows, type Tx } from '../platform/database.js';

/** What can happen to a reader, as staff read it. */
export const STORY_KINDS = ['mails', 'referrals', 'grants', 'consents', 'adjustments'] as const;
export type StoryKind = (typeof STORY_KINDS)[number];

/** Something that happened to or by a reader. What a kind does not have is null. */
export interface StoryRow {
  kind: StoryKind | 'referred';
  at: Date;
  /** Of what it is about: the mail, the referral, the grant. */
  id: string;
  /** The message, the state, the act, the reward's name or the reason, by kind. */
  what: string;
  state: string | null;
  heldFor: string | null;
  /** The friend or the referrer; null once erased. */
  email: string | null;
  amount: number | null;
}

const OWN = `select p.id from participants p where p.publication_id = $1 and p.subscriber_id = $2`;
/** Each one: newest first, before `$3`, at most `$4`. */
const PARTS: Record<StoryRow['kind'], string> = {
  mails: `select 'mails' as kind, coalesce(sent_at, created_at) as at, id, message as what, state, null::text as held_for, null::text as email, null::int as amount
    from mails where publication_id = $1 and subscriber_id = $2 and coalesce(sent_at, created_at) < $3`,
  referrals: `select 'referrals', e.at, e.referral_id, e.to_state, e.to_state, e.held_for, friend.email, null::int
    from referrals r join referral_events e on e.publication_id = r.publication_id and e.referral_id = r.id
    join subscribers friend on friend.publication_id = r.publication_id and friend.id = r.referred_id
    where r.publication_id = $1 and r.referrer_id in (${OWN}) and e.at < $3`,
  referred: `select 'referred', e.at, e.referral_id, e.to_state, e.to_state, e.held_for, ref.email, null::int
    from referrals r join referral_events e on e.publication_id = r.publication_id and e.referral_id = r.id
    join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
    join subscribers ref on ref.publication_id = p.publication_id and ref.id = p.subscriber_id
    where r.publication_id = $1 and r.referred_id = $2 and e.at < $3`,
  grants: `select 'grants', g.created_at, g.id, w.name, g.status, null::text, null::text, null::int
    from grants g join rewards w on w.publication_id = g.publication_id and w.id = g.reward_id
    where g.publication_id = $1 and g.subscriber_id = $2 and g.created_at < $3`,
  consents: `select 'consents', at, id, act, source, null::text, null::text, null::int
    from consents where publication_id = $1 and subscriber_id = $2 and at < $3`,
  adjustments: `select 'adjustments', at, id, reason, source, null::text, null::text, delta
    from referral_adjustments where publication_id = $1 and participant_id in (${OWN}) and at < $3`,
};

/**
 * What happened to a reader, newest first, before a moment. What happened in the moment of the last row that fits is left whole for the
 * next page, whose moment `next` is; it is null at the end.
 */
export async function storyOf(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
  { kind, before, limit }: { kind: StoryKind | null; before: Date; limit: number },
): Promise<{ story: StoryRow[]; next: Date | null }> {
  const kinds = kind === null ? (Object.keys(PARTS) as StoryRow['kind'][]) : [kind];
  if (kind === 'referrals') kinds.push('referred');
  // Whole milliseconds, which is what a moment in a link can say.
  const found = await rows<StoryRow>(
    tx,
    `select kind, date_trunc('milliseconds', at) as at, id, what, state, held_for, email, amount from (
       ${kinds.map((part) => `(${PARTS[part]} order by 2 desc limit $4)`).join(' union all ')}) as s (kind, at, id, what, state, held_for, email, amount)
     order by at desc, id desc limit $4`,
    [publicationId, subscriberId, before, limit + 1],
  );
  if (found.length <= limit) return { story: found, next: null };
  const last = found.at(-1)!.at.getTime();
  const whole = found.filter(({ at }) => at.getTime() > last);
  // So many in one millisecond come from an import: cut anywhere.
  const story = whole.length > 0 ? whole : found.slice(0, limit);
  return { story, next: new Date(whole.length > 0 ? last + 1 : last) };
}

/** Human clicks on the links of a reader since a moment, by content and channel, the most first. */
export async function clicksOf(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
  since: Date,
): Promise<{ title: string | null; channel: string; clicks: number; visitors: number; lastAt: Date }[]> {
  return rows(
    tx,
    `select content.title, c.channel, count(*)::int as clicks, count(distinct c.visitor)::int as visitors, max(c.at) as last_at
     from clicks c left join contents content on content.publication_id = c.publication_id and content.id = c.content_id
     where c.publication_id = $1 and c.class = 'human' and c.at >= $3 and c.participant_id in (${OWN})
     group by content.id, content.title, c.channel order by clicks desc, last_at desc limit 20`,
    [publicationId, subscriberId, since],
  );
}

/** Readers whose address, name, share code or id is typed, newest first. */
export async function searchReaders(
  tx: Tx,
  publicationId: string,
  { typed, status }: { typed: string; status: string | null },
  page: { after: string | null; limit: number },
): Promise<{ id: string }[]> {
  const like = `%${typed.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  return rows(
    tx,
    `select s.id from subscribers s
     where s.publication_id = $1 and ($2::text is null or s.status = $2) and ($3::uuid is null or s.id < $3)
       and ($4 = '' or s.email_key like $5 or lower(s.first_name) like $5 or s.external_id = $4 or s.id::text = lower($4)
         or s.id in (select p.subscriber_id from share_codes c join participants p on p.publication_id = c.publication_id and p.id = c.participant_id
           where c.publication_id = $1 and c.code = lower($4)))
     order by s.id desc limit $6`,
    [publicationId, status, page.after, typed, like, page.limit + 1],
  );
}
