import { rows, type Tx } from '../platform/database.js';
import { IN_BATCH, isNew } from './import-sql.js';
import type { Batch } from './merge-readers.store.js';

/** What a row tells of a reader's count, and what is known of it. */
export interface ToldCount {
  rowNo: number;
  participantId: string;
  subscriberId: string;
  told: number;
  /** The present count of the season. */
  count: number;
  /** The highest total that an earlier import told. */
  toldBefore: number | null;
  isNew: boolean;
}

export async function toldCounts(tx: Tx, batch: Batch, program: { id: string; season: number }): Promise<ToldCount[]> {
  return rows(
    tx,
    `select r.row_no, p.id as participant_id, s.id as subscriber_id, r.referral_count as told, coalesce(c.count, 0) as count,
       earlier.told as told_before, ${isNew('r')} as is_new
     from import_rows r
     cross join lateral (select id from subscribers where publication_id = r.publication_id and email_key = r.email_key limit 1) s
     cross join lateral (
       select id from participants where publication_id = r.publication_id and subscriber_id = s.id and program_id = $5 limit 1) p
     left join lateral (
       select count from stage_counts
       where publication_id = r.publication_id and participant_id = p.id and stage = 'verified' and season = $6 limit 1) c on true
     left join lateral (
       select max(total) as told from referral_adjustments
       where publication_id = r.publication_id and participant_id = p.id and season = $6 and source = 'import') earlier on true
     where ${IN_BATCH} and r.referral_count is not null and (${isNew('r')} or r.verdict in ('unchanged', 'updated'))
     order by p.id`,
    [batch.publicationId, batch.importId, batch.from, batch.to, program.id, program.season],
  );
}

export interface Adjustment {
  id: string;
  participantId: string;
  delta: number;
  /** Null where no total was told, but one of an earlier file corrected. */
  total: number | null;
}

/** Writes adjustments as facts, and moves the counts, which include them. */
export async function adjustCounts(
  tx: Tx,
  publicationId: string,
  season: number,
  adjustments: readonly Adjustment[],
  now: Date,
): Promise<void> {
  const lists = [
    adjustments.map(({ id }) => id),
    adjustments.map(({ participantId }) => participantId),
    adjustments.map(({ delta }) => delta),
    adjustments.map(({ total }) => total),
  ];
  const given = `unnest($2::uuid[], $3::uuid[], $4::int[], $5::int[]) a(id, participant_id, delta, total)`;
  await tx.query(
    `insert into referral_adjustments (publication_id, id, participant_id, season, delta, total, reason, source, actor, at)
     select $1, a.id, a.participant_id, $6, a.delta, a.total, 'the total in an imported file', 'import', 'import', $7 from ${given}`,
    [publicationId, ...lists, season, now],
  );
  await tx.query(
    `insert into stage_counts (publication_id, participant_id, stage, season, count, changed_at)
     select $1, a.participant_id, 'verified', $6, a.delta, $7 from ${given} where a.delta > 0
     on conflict (publication_id, participant_id, stage, season)
     do update set count = stage_counts.count + excluded.count, changed_at = excluded.changed_at`,
    [publicationId, ...lists, season, now],
  );
  // A total below the rows that count: the row is there, since they were counted.
  await tx.query(
    `update stage_counts c set count = c.count + a.delta, changed_at = $7
     from (select $1::uuid as publication_id, a.* from ${given} where a.delta < 0 offset 0) a
     where c.publication_id = a.publication_id and c.participant_id = a.participant_id and c.stage = 'verified' and c.season = $6`,
    [publicationId, ...lists, season, now],
  );
}

/** Rows of readers who were there before and whose count has risen are told as changed. */
export async function sayCountRaised(tx: Tx, batch: Batch, rowNos: readonly number[]): Promise<void> {
  await tx.query(
    `update import_rows r set verdict = 'updated', message = concat_ws('; ', r.message, 'the count has risen to the total of the file')
     where ${IN_BATCH} and r.row_no = any ($5::int[])`,
    [batch.publicationId, batch.importId, batch.from, batch.to, rowNos],
  );
}
