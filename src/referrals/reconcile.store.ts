import { rows, type Tx } from '../platform/database.js';

/** A fact about referrals, or the cache of it, that does not fit the others. */
export interface ReferralDrift {
  publicationId: string;
  drift: 'state' | 'stage' | 'count';
  /** The referral; of a count the participant. */
  id: string;
  /** For an operator: what was found. */
  found: string;
}

/** Referrals that stand elsewhere than where the last of their events left them. Ids are taken under the lock of the referral. */
export async function stateDrift(tx: Tx, only: string | null): Promise<ReferralDrift[]> {
  return rows(
    tx,
    `select r.publication_id, 'state' as drift, r.id,
       concat_ws(' ', r.state, r.held_for) || ', last event ' || coalesce(nullif(concat_ws(' ', e.to_state, e.held_for), ''), 'none') as found
     from referrals r
     left join (
       select distinct on (publication_id, referral_id) publication_id, referral_id, to_state, held_for from referral_events
       where $1::uuid is null or publication_id = $1 order by publication_id, referral_id, id desc
     ) e on e.publication_id = r.publication_id and e.referral_id = r.id
     where ($1::uuid is null or r.publication_id = $1)
       and (e.to_state is distinct from r.state or e.held_for is distinct from r.held_for)
     order by r.publication_id, r.id`,
    [only],
  );
}

/** A referral that counts is in the count of every stage that it has reached, `verified` among them; any other is in none. */
export async function stageDrift(tx: Tx, only: string | null): Promise<ReferralDrift[]> {
  return rows(
    tx,
    `select r.publication_id, 'stage' as drift, r.id, r.state || ', stage ' || coalesce(s.stage, 'verified')
       || case when s.stage is null then ' missing' when s.season is null then ' in no count' else ' in season ' || s.season end as found
     from referrals r
     left join referral_stages s on s.publication_id = r.publication_id and s.referral_id = r.id
     where ($1::uuid is null or r.publication_id = $1)
       and case when r.state = 'verified' then s.season is null else s.season is not null or s.stage = 'verified' end
     union all
     select r.publication_id, 'stage', r.id, 'verified, stage verified missing' from referrals r
     where ($1::uuid is null or r.publication_id = $1) and r.state = 'verified'
       and exists (select 1 from referral_stages s where s.publication_id = r.publication_id and s.referral_id = r.id)
       and not exists (
         select 1 from referral_stages s where s.publication_id = r.publication_id and s.referral_id = r.id and s.stage = 'verified')
     order by 1, 3`,
    [only],
  );
}

/** What the counts must be: the referrals in them, and what was adjusted beside these. $1: one publication, null: all. */
const FACTS = `
  select publication_id, participant_id, stage, season, greatest(0, sum(n))::int as count from (
    select r.publication_id, r.referrer_id as participant_id, s.stage, s.season, 1 as n
    from referral_stages s join referrals r on r.publication_id = s.publication_id and r.id = s.referral_id
    where r.state = 'verified' and s.season is not null and ($1::uuid is null or r.publication_id = $1)
    union all
    select publication_id, participant_id, 'verified', season, delta from referral_adjustments
    where $1::uuid is null or publication_id = $1) fact
  group by 1, 2, 3, 4`;

export async function countDrift(tx: Tx, only: string | null): Promise<ReferralDrift[]> {
  return rows(
    tx,
    `select publication_id, 'count' as drift, participant_id as id,
       stage || ' in season ' || season || ': ' || coalesce(c.count, 0) || ', facts ' || coalesce(f.count, 0) as found
     from (select * from stage_counts where $1::uuid is null or publication_id = $1) c
     full join (${FACTS}) f using (publication_id, participant_id, stage, season)
     where coalesce(c.count, 0) <> coalesce(f.count, 0) order by 1, 3, 4`,
    [only],
  );
}

/** Writes the counts of a program anew and answers those that it has changed. The caller holds the ladder alone. */
export async function rebuildCounts(
  tx: Tx,
  publicationId: string,
  programId: string,
  now: Date,
): Promise<ReferralDrift[]> {
  return rows(
    tx,
    `with facts as (${FACTS}),
     wrong as (
       select coalesce(f.publication_id, c.publication_id) as publication_id, participant_id, stage, season,
         coalesce(c.count, 0) as was, coalesce(f.count, 0) as count
       from (select * from stage_counts where publication_id = $1) c
       full join facts f using (participant_id, stage, season)
       where coalesce(c.count, 0) <> coalesce(f.count, 0)
         and participant_id in (select id from participants where publication_id = $1 and program_id = $2)),
     written as (
       insert into stage_counts (publication_id, participant_id, stage, season, count, changed_at)
       select publication_id, participant_id, stage, season, count, $3 from wrong
       on conflict (publication_id, participant_id, stage, season) do update set count = excluded.count, changed_at = excluded.changed_at)
     select publication_id, 'count' as drift, participant_id as id, stage || ' in season ' || season || ': ' || was || ' -> ' || count as found
     from wrong order by 3, 4`,
    [publicationId, programId, now],
  );
}
