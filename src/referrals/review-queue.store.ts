import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { type ReferralRow, WITH_NAMES } from './shown-referral.store.js';

/** What a reviewer looks through: what waits for a person, of that what was appealed, and what only time or the friend decides. */
export const QUEUES = ['waiting', 'appealed', 'clock'] as const;
export type Queue = (typeof QUEUES)[number];

const WAITS = `r.state = 'held' and r.held_for = 'review'`;
/** Aliases as in WITH_NAMES. */
const IN_QUEUE: Record<Queue, string> = {
  waiting: WAITS,
  appealed: `${WAITS} and appeal.at is not null and appeal.decided_at is null`,
  clock: `r.state = 'held' and r.held_for <> 'review'`,
};

/** A queue, oldest first: who waits longest comes first. */
export async function listQueue(
  tx: Tx,
  publicationId: string,
  queue: Queue,
  page: PageRequest,
): Promise<ReferralRow[]> {
  return rows(
    tx,
    `${WITH_NAMES} where r.publication_id = $1 and ${IN_QUEUE[queue]} and ($2::uuid is null or r.id > $2) order by r.id limit $3`,
    [publicationId, page.after, page.limit + 1],
  );
}

/** How many are in each queue, counted up to 1,000. */
export async function countQueues(tx: Tx, publicationId: string): Promise<Record<Queue, number>> {
  const counted = QUEUES.map(
    (queue) => `(select count(*)::int from (select 1 from referrals r
       left join referral_appeals appeal on appeal.publication_id = r.publication_id and appeal.referral_id = r.id
       where r.publication_id = $1 and ${IN_QUEUE[queue]} limit 1000) c) as ${queue}`,
  );
  const row = await oneRow<Record<Queue, number>>(tx, `select ${counted.join(', ')}`, [publicationId]);
  if (row === null) throw new Error('a statement without from gave no row');
  return row;
}

/** The ids of a queue up to the newest that somebody saw in it: what came later they have not agreed to decide about. */
export async function idsInQueue(
  tx: Tx,
  publicationId: string,
  queue: Queue,
  { upTo, limit }: { upTo: string; limit: number },
): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    `select r.id from referrals r
     left join referral_appeals appeal on appeal.publication_id = r.publication_id and appeal.referral_id = r.id
     where r.publication_id = $1 and ${IN_QUEUE[queue]} and r.id <= $2 order by r.id limit $3`,
    [publicationId, upTo, limit],
  );
  return found.map(({ id }) => id);
}

/** The newest that waits for a person; null when nothing does. */
export async function newestInQueue(tx: Tx, publicationId: string, queue: Queue): Promise<string | null> {
  const row = await oneRow<{ id: string }>(
    tx,
    `select r.id from referrals r
     left join referral_appeals appeal on appeal.publication_id = r.publication_id and appeal.referral_id = r.id
     where r.publication_id = $1 and ${IN_QUEUE[queue]} order by r.id desc limit 1`,
    [publicationId],
  );
  return row?.id ?? null;
}

/** Of what waits for a person, the one after this one, and from the last on to the oldest. Null when no other waits. */
export async function nextInQueue(tx: Tx, publicationId: string, id: string): Promise<string | null> {
  const row = await oneRow<{ id: string }>(
    tx,
    `select r.id from referrals r where r.publication_id = $1 and ${WAITS} and r.id <> $2 order by r.id < $2, r.id limit 1`,
    [publicationId, id],
  );
  return row?.id ?? null;
}

/** A decision of a person: of staff who are signed in, or of a key's holder. */
export interface Decision {
  /** Of the event. */
  id: string;
  referralId: string;
  at: Date;
  toState: string;
  heldFor: string | null;
  referredEmail: string | null;
  referrerEmail: string | null;
  referrerSubscriberId: string;
}

/** What people decided, newest first. */
export async function listDecisions(tx: Tx, publicationId: string, page: PageRequest): Promise<Decision[]> {
  return rows(
    tx,
    `select e.id, e.referral_id, e.at, e.to_state, e.held_for, friend.email as referred_email, ref.email as referrer_email,
       ref.id as referrer_subscriber_id
     from referral_events e
     join referrals r on r.publication_id = e.publication_id and r.id = e.referral_id
     join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
     join subscribers ref on ref.publication_id = p.publication_id and ref.id = p.subscriber_id
     join subscribers friend on friend.publication_id = r.publication_id and friend.id = r.referred_id
     where e.publication_id = $1 and (e.actor = 'operator' or e.actor like 'key:%' or e.actor like 'account:%')
       and ($2::uuid is null or e.id < $2) order by e.id desc limit $3`,
    [publicationId, page.after, page.limit + 1],
  );
}
