import { rows, type Tx } from '../platform/database.js';
import { isNew } from './import-sql.js';
import type { Batch } from './merge-readers.store.js';

/** A reader who was there before, whose total a file tells, and whom rows of the same file name as their referrer. */
export interface NamedReferrer {
  participantId: string;
  told: number;
  /** The highest total that an earlier import told. */
  toldBefore: number;
  /** What earlier imports added beside referrals, this one's corrections included; more than nothing. */
  added: number;
  /** Referrals that rows of the file have made so far, those of the batch included. */
  named: number;
}

/** Those of these participants of a program for whom an earlier total may hold friends whom the file names now. */
export async function namedReferrers(
  tx: Tx,
  batch: Batch,
  program: { id: string; season: number },
  participantIds: readonly string[],
): Promise<NamedReferrer[]> {
  return rows(
    tx,
    `select p.id as participant_id, own.referral_count as told, earlier.told as told_before, earlier.added, made.named
     from unnest($3::uuid[]) given (id)
     cross join lateral (
       select * from participants where publication_id = $1 and id = given.id and program_id = $4 limit 1) p
     cross join lateral (
       select max(total) as told, sum(delta)::int as added from referral_adjustments
       where publication_id = p.publication_id and participant_id = p.id and season = $5 and source = 'import' limit 1) earlier
     cross join lateral (select email_key from subscribers where publication_id = p.publication_id and id = p.subscriber_id limit 1) s
     cross join lateral (
       select referral_count from import_rows
       where publication_id = p.publication_id and import_id = $2 and email_key = s.email_key and referral_count is not null
         and verdict in ('unchanged', 'updated') limit 1) own
     cross join lateral (
       select count(*)::int as named from referrals f
       cross join lateral (select email_key from subscribers where publication_id = f.publication_id and id = f.referred_id limit 1) friend
       cross join lateral (
         select 1 from import_rows r
         where r.publication_id = f.publication_id and r.import_id = $2 and r.email_key = friend.email_key and r.row_no <= $6
           and ${isNew('r')} limit 1) row
       where f.publication_id = p.publication_id and f.referrer_id = p.id limit 1) made
     where earlier.told is not null and earlier.added > 0`,
    [batch.publicationId, batch.importId, participantIds, program.id, program.season, batch.to],
  );
}
