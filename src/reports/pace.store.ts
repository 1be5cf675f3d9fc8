import type { Pace } from '../domain/forecast.js';
import { rows, type Tx } from '../platform/database.js';

/**
 * How the counts of a program's participants at a stage rose within three spans of time, one after the other, by referrals that
 * count now: those whose counts rose alike are one row. Adjustments are nobody's referral and left out.
 * @param bounds the three beginnings and the end
 */
export async function pacesOf(
  tx: Tx,
  publicationId: string,
  { programId, stage }: { programId: string; stage: string },
  bounds: readonly [Date, Date, Date, Date],
): Promise<Pace[]> {
  return rows(
    tx,
    `select people::int, before, gained from (
       select before, gained, count(*) as people from (
         select (count(*) filter (where at < $4))::int as before,
           array[count(*) filter (where at >= $4 and at < $5), count(*) filter (where at >= $5 and at < $6), count(*) filter (where at >= $6)]::int[] as gained
         from (
           select r.referrer_id, greatest(s.at, r.verified_at) as at
           from referrals r join referral_stages s on s.publication_id = r.publication_id and s.referral_id = r.id and s.stage = $3
           where r.publication_id = $1 and r.program_id = $2 and r.state = 'verified') reached
         where at < $7 group by referrer_id) person
       group by before, gained) alike
     where gained <> '{0,0,0}' order by before, gained`,
    [publicationId, programId, stage, ...bounds],
  );
}
