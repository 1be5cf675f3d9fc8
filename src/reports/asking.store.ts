import { oneRow, rows, type Tx } from '../platform/database.js';

/** Mails that ask a reader for something. */
const ASKING = `('near-milestone', 'share-reminder')`;

/** A mail that one that asks may follow. */
export interface Followed {
  id: string;
  publicationId: string;
  subscriberId: string;
  sentAt: Date;
}

/**
 * Mails of one kind that were sent within a time, oldest first, over all publications: to readers who read on, want mails about
 * sharing and were not asked for anything since a moment.
 * @param after the last one that was seen before; null at first
 */
export async function mailsToFollow(
  tx: Tx,
  messages: readonly string[],
  sent: { after: Date; until: Date },
  notAskedSince: Date,
  after: Followed | null,
  limit: number,
): Promise<Followed[]> {
  return rows(
    tx,
    `select m.id, m.publication_id, m.subscriber_id, m.sent_at
     from mails m join subscribers s on s.publication_id = m.publication_id and s.id = m.subscriber_id
     where m.message in ('welcome', 'first-referral', 'referral-verified', 'reward') and m.state = 'sent' and m.message = any ($1)
       and m.sent_at > $2 and m.sent_at <= $3 and ($4::timestamptz is null or (m.sent_at, m.id) > ($4, $5::uuid))
       and s.status = 'active' and s.program_mails_muted_at is null
       and not exists (
         select 1 from mails a where a.publication_id = m.publication_id and a.subscriber_id = m.subscriber_id
           and a.message in ${ASKING} and a.created_at > $6)
     order by m.sent_at, m.id limit $7`,
    [messages, sent.after, sent.until, after?.sentAt ?? null, after?.id ?? null, notAskedSince, limit],
  );
}

/** Whether another mail that asks went to a reader since a moment. */
export async function wasAskedSince(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
  since: Date,
  exceptMail: string,
): Promise<boolean> {
  const found = await oneRow(
    tx,
    `select 1 as found from mails where publication_id = $1 and subscriber_id = $2 and message in ${ASKING}
       and released_at > $3 and id <> $4 limit 1`,
    [publicationId, subscriberId, since, exceptMail],
  );
  return found !== null;
}

/** Whether a reader has ever shared, as far as it can be seen: a press on a share button, a person's click, a friend who joined. */
export async function hasShared(tx: Tx, publicationId: string, subscriberId: string): Promise<boolean> {
  const found = await oneRow<{ shared: boolean }>(
    tx,
    `select exists (select 1 from participants p where p.publication_id = $1 and p.subscriber_id = $2 and (
         exists (select 1 from shares x where x.publication_id = p.publication_id and x.participant_id = p.id)
         or exists (select 1 from clicks c where c.publication_id = p.publication_id and c.participant_id = p.id and c.class = 'human')
         or exists (select 1 from referrals r where r.publication_id = p.publication_id and r.referrer_id = p.id))) as shared`,
    [publicationId, subscriberId],
  );
  return found?.shared ?? false;
}
