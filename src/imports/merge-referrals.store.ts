import { oneRow, rows, type Tx } from '../platform/database.js';
import { idOf, IN_BATCH, isNew, isThere } from './import-sql.js';
import type { Batch } from './merge-readers.store.js';

const batchOf = ({ publicationId, importId, from, to }: Batch) => [publicationId, importId, from, to];
/** What a batch has made with one base: $1 publication, $2 and $3 its rows, $4 the base. */
const MADE = `publication_id = $1 and id > ${idOf('$4::text', '$2::int')} and id <= ${idOf('$4::text', '$3::int')}`;

const FIELDS = 'p.id, p.program_id, p.subscriber_id';
const OWN = `select * from participants where publication_id = r.publication_id and subscriber_id = s.id and program_id = $6 limit 1`;

/**
 * Whom a row names as its referrer: first a reader of the same file by the share code that they had there, who may have
 * another one now; then whoever has the code, the address or the externalId here.
 */
const REFERRER = `
  select p.id, p.program_id, p.subscriber_id from (
    (select ${FIELDS}, 1 as rank from
       (select email_key from import_rows where publication_id = r.publication_id and import_id = r.import_id
          and told_code = r.referred_by_key and ${isThere('import_rows')} limit 1) e
       cross join lateral (select id from subscribers where publication_id = r.publication_id and email_key = e.email_key limit 1) s
       cross join lateral (${OWN}) p)
    union all
    (select ${FIELDS}, 2 from
       (select participant_id from share_codes where code = r.referred_by_key and publication_id = r.publication_id limit 1) c
       cross join lateral (select * from participants where publication_id = r.publication_id and id = c.participant_id limit 1) p)
    union all
    (select ${FIELDS}, 3 from
       (select id from subscribers where publication_id = r.publication_id and email_key = r.referred_by_key limit 1) s
       cross join lateral (${OWN}) p)
    union all
    (select ${FIELDS}, 4 from
       (select id from subscribers where publication_id = r.publication_id and external_id = r.referred_by limit 1) s
       cross join lateral (${OWN}) p)
  ) p order by rank limit 1`;

/** Whether anything is left to do in this step of an import: most files have neither referrers nor counts. */
export async function hasRowsWith(
  tx: Tx,
  publicationId: string,
  importId: string,
  column: 'referred_by' | 'referral_count',
): Promise<boolean> {
  const found = await oneRow(
    tx,
    `select 1 as found from import_rows where publication_id = $1 and import_id = $2 and ${column} is not null limit 1`,
    [publicationId, importId],
  );
  return found !== null;
}

/**
 * Makes the verified referrals of a batch: of friends who are new to the publication, and whose mailbox is. They happened when
 * the friend confirmed, so reports of that time tell of them.
 */
export async function mergeReferrals(
  tx: Tx,
  batch: Batch,
  made: { referralBase: string; eventBase: string; programId: string; now: Date },
): Promise<void> {
  await tx.query(
    `insert into referrals (publication_id, id, program_id, referrer_id, referred_id, state, reasons, channel, created_at, confirmed_at, verified_at)
     select r.publication_id, ${idOf('$5::text', 'r.row_no')}, referrer.program_id, referrer.id, friend.id, 'verified', '[]', 'other',
       friend.created_at, friend.confirmed_at, friend.confirmed_at
     from import_rows r
     cross join lateral (select * from subscribers where publication_id = r.publication_id and email_key = r.email_key limit 1) friend
     cross join lateral (${REFERRER}) referrer
     cross join lateral (
       select abuse_key from subscribers where publication_id = r.publication_id and id = referrer.subscriber_id limit 1) own
     where ${IN_BATCH} and ${isNew('r')} and not r.alias and r.referred_by is not null and own.abuse_key <> friend.abuse_key
     order by r.row_no
     on conflict (publication_id, referred_id) do nothing`,
    [...batchOf(batch), made.referralBase, made.programId],
  );
  const range = [batch.publicationId, batch.from, batch.to, made.referralBase];
  await tx.query(
    `insert into referral_events (publication_id, id, referral_id, from_state, to_state, reasons, actor, at)
     select publication_id, (left($5, 28) || right(id::text, 8))::uuid, id, null, 'verified', '[]', 'import', $6 from referrals where ${MADE}`,
    [...range, made.eventBase, made.now],
  );
  await tx.query(
    `insert into referral_stages (publication_id, referral_id, stage, at, season)
     select r.publication_id, r.id, 'verified', r.verified_at, g.season
     from (select * from referrals where ${MADE}) r join programs g on g.publication_id = r.publication_id and g.id = r.program_id`,
    range,
  );
}

/** A count that was moved, from `before` to `after`. */
export interface MovedCount {
  participantId: string;
  subscriberId: string;
  programId: string;
  before: number;
  after: number;
}

/** Adds the referrals that a batch has made to the counts of their referrers, and answers how these have moved. */
export async function countReferrals(tx: Tx, batch: Batch, referralBase: string, now: Date): Promise<MovedCount[]> {
  const range = [batch.publicationId, batch.from, batch.to, referralBase];
  const added = `
    select r.publication_id, r.referrer_id, r.program_id, g.season, count(*)::int as added
    from (select * from referrals where ${MADE}) r join programs g on g.publication_id = r.publication_id and g.id = r.program_id
    group by 1, 2, 3, 4`;
  // In one order, so that two imports that meet the same referrers wait for each other and not in a circle.
  await tx.query(
    `insert into stage_counts (publication_id, participant_id, stage, season, count, changed_at)
     select $1, referrer_id, 'verified', season, added, $5 from (${added}) a order by referrer_id
     on conflict (publication_id, participant_id, stage, season)
     do update set count = stage_counts.count + excluded.count, changed_at = excluded.changed_at`,
    [...range, now],
  );
  return rows(
    tx,
    `select a.referrer_id as participant_id, p.subscriber_id, a.program_id, c.count - a.added as before, c.count as after
     from (${added}) a
     cross join lateral (select * from participants where publication_id = a.publication_id and id = a.referrer_id limit 1) p
     cross join lateral (
       select count from stage_counts
       where publication_id = a.publication_id and participant_id = a.referrer_id and stage = 'verified' and season = a.season limit 1) c
     order by 1`,
    range,
  );
}

/** The referrals that a batch has made, for rewards that are for each. */
export async function madeReferrals(
  tx: Tx,
  batch: Batch,
  referralBase: string,
): Promise<{ id: string; programId: string; referrerId: string; referrerSubscriberId: string; referredId: string }[]> {
  return rows(
    tx,
    `select r.id, r.program_id, r.referrer_id, r.referred_id,
       (select subscriber_id from participants p where p.publication_id = r.publication_id and p.id = r.referrer_id) as referrer_subscriber_id
     from (select * from referrals where ${MADE}) r order by r.id`,
    [batch.publicationId, batch.from, batch.to, referralBase],
  );
}
