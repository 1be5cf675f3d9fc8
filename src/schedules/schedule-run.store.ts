import { rows, type Tx } from '../platform/database.js';
import type { ScheduleRun } from './schedule-run.entities.js';

/** False when it was run. Waits for who is at it: they commit, and it was, or they do not, and it is free. */
export async function insertRun(tx: Tx, { publicationId, schedule, runKey, ranAt }: ScheduleRun): Promise<boolean> {
  const inserted = await rows(
    tx,
    `insert into schedule_runs (publication_id, schedule, run_key, ran_at) values ($1, $2, $3, $4)
     on conflict (publication_id, schedule, run_key) do nothing returning run_key`,
    [publicationId, schedule, runKey, ranAt],
  );
  return inserted.length > 0;
}

/** The publications in which a schedule has not been run at a slot, by their zones. Of all publications: the schedule serves everybody. */
export async function publicationsToRun(
  tx: Tx,
  schedule: string,
  slots: readonly { timezone: string; runKey: string; at: Date }[],
): Promise<{ publicationId: string; runKey: string }[]> {
  return rows(
    tx,
    `select p.id as publication_id, slot.run_key
     from unnest($2::text[], $3::text[], $4::timestamptz[]) as slot (timezone, run_key, at)
     join publications p on p.timezone = slot.timezone and p.created_at <= slot.at
     where not exists (
       select 1 from schedule_runs r where r.publication_id = p.id and r.schedule = $1 and r.run_key = slot.run_key)`,
    [schedule, slots.map(({ timezone }) => timezone), slots.map(({ runKey }) => runKey), slots.map(({ at }) => at)],
  );
}

/** Runs of a schedule that repeats for ever, of all publications, that nobody needs any more. */
export async function removeRunsBefore(tx: Tx, schedule: string, moment: Date): Promise<void> {
  await tx.query(`delete from schedule_runs where schedule = $1 and ran_at < $2`, [schedule, moment]);
}
