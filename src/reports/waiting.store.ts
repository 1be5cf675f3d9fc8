import { oneRow, type Tx } from '../platform/database.js';

/** What waits for a person. Counted up to 1,000: beyond that nobody needs to know how many more. */
export interface Waiting {
  /** Referrals that a reviewer has to decide about, appealed ones too. */
  review: number;
  /** Grants that wait for an approval. */
  grants: number;
  /** Mails that gave up, or of which nobody knows whether they arrived. */
  mails: number;
}

export async function countWaiting(tx: Tx, publicationId: string): Promise<Waiting> {
  const row = await oneRow<Waiting>(
    tx,
    `select
       (select count(*)::int from (select 1 from referrals
          where publication_id = $1 and state = 'held' and held_for = 'review' limit 1000) r) as review,
       (select count(*)::int from (select 1 from grants
          where publication_id = $1 and status = 'awaiting_approval' limit 1000) g) as grants,
       (select count(*)::int from (select 1 from mails
          where publication_id = $1 and state in ('dead', 'uncertain') limit 1000) m) as mails`,
    [publicationId],
  );
  return row ?? { review: 0, grants: 0, mails: 0 };
}

/** Referrals that wait for a reviewer, and since when the oldest has; null where there is none. */
export async function waitingReviews(tx: Tx, publicationId: string): Promise<{ count: number; since: Date | null }> {
  const row = await oneRow<{ count: number; since: Date | null }>(
    tx,
    `select count(*)::int as count, min(confirmed_at) as since from referrals
     where publication_id = $1 and state = 'held' and held_for = 'review' and held_until is null`,
    [publicationId],
  );
  return row ?? { count: 0, since: null };
}

/** What shows that a publication is set up, each told by what has happened and not by a tick that somebody gave. */
export interface SetUpFacts {
  mailSent: boolean;
  hasReaders: boolean;
  /** A milestone, a contest or a raffle. */
  hasRewards: boolean;
  /** Somebody has come through a share link. */
  hasClicks: boolean;
}

export async function readSetUpFacts(tx: Tx, publicationId: string): Promise<SetUpFacts> {
  const row = await oneRow<SetUpFacts>(
    tx,
    `select exists (select 1 from mails where publication_id = $1 and state = 'sent') as mail_sent,
       exists (select 1 from subscribers where publication_id = $1 and status = 'active') as has_readers,
       exists (select 1 from milestones where publication_id = $1) or exists (select 1 from contests where publication_id = $1)
         or exists (select 1 from raffles where publication_id = $1) as has_rewards,
       exists (select 1 from clicks where publication_id = $1 and class = 'human') as has_clicks`,
    [publicationId],
  );
  if (row === null) throw new Error('a statement without from gave no row');
  return row;
}
