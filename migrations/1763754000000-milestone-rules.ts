import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Caps, audiences and versions of milestones; what a grant remembers of its crossing; grants of the past in steps; seasons. */
export class MilestoneRules1763754000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(MILESTONES);
    await db.query(GRANTS);
    await db.query(PAST_RUNS);
    await db.query(`
      create table program_seasons (
        publication_id uuid not null,
        program_id uuid not null,
        season integer not null,
        actor text not null,
        started_at timestamptz not null,
        constraint program_seasons_pkey primary key (publication_id, program_id, season),
        constraint program_seasons_season_check check (season >= 2),
        constraint program_seasons_publication_id_program_id_fkey foreign key (publication_id, program_id)
          references programs (publication_id, id) on delete cascade
      );
      alter table referral_adjustments add actor text not null default 'import';
      alter table referral_adjustments alter column actor drop default;`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table referral_adjustments drop column actor;
      drop table program_seasons, past_runs;
      alter table grants drop constraint grants_publication_id_milestone_id_milestone_version_fkey, drop column reached_at, drop column reached_month,
        drop column season, drop column milestone_version;
      drop table milestone_versions;
      alter table milestones drop column cap, drop column audience, drop column version, drop column changed_at`);
  }
}

const MILESTONES = `
  alter table milestones
    add cap jsonb,
    add audience jsonb,
    add version integer not null default 1,
    add changed_at timestamptz,
    add constraint milestones_cap_check check ((cap ->> 'count')::int >= 1 and cap ->> 'per' in ('month', 'year', 'ever'));
  update milestones set changed_at = created_at;
  alter table milestones alter column version drop default, alter column changed_at set not null;

  create table milestone_versions (
    publication_id uuid not null,
    milestone_id uuid not null,
    version integer not null,
    rule jsonb not null,
    actor text not null,
    at timestamptz not null,
    constraint milestone_versions_pkey primary key (publication_id, milestone_id, version),
    constraint milestone_versions_publication_id_milestone_id_fkey foreign key (publication_id, milestone_id)
      references milestones (publication_id, id) on delete cascade
  );
  insert into milestone_versions (publication_id, milestone_id, version, rule, actor, at)
    select publication_id, id, 1, jsonb_build_object('name', name, 'stage', stage, 'threshold', threshold, 'every', every, 'recipient', recipient,
      'rewardId', reward_id, 'approval', approval, 'holdDays', hold_days, 'cap', cap, 'audience', audience, 'past', past), 'unknown', created_at
    from milestones;
`;

// What an import noted was given at a time that nobody knows, so that it takes no place under a cap.
const GRANTS = `
  alter table grants
    add reached_at timestamptz,
    add reached_month text,
    add season integer not null default 1,
    add milestone_version integer not null default 1,
    add constraint grants_reached_month_check check (reached_month ~ '^[0-9]{4}-[0-9]{2}$');
  update grants g set reached_at = g.created_at, reached_month =
      case when g.status = 'fulfilled' and g.reason = 'imported' then null
        else to_char(g.created_at at time zone p.timezone, 'YYYY-MM') end
    from publications p where p.id = g.publication_id;
  update grants g set season = p.season
    from milestones m join programs p on p.publication_id = m.publication_id and p.id = m.program_id
    where m.publication_id = g.publication_id and m.id = g.milestone_id and p.season <> 1;
  alter table grants
    alter column reached_at set not null,
    alter column season drop default,
    alter column milestone_version drop default,
    add constraint grants_publication_id_milestone_id_milestone_version_fkey
      foreign key (publication_id, milestone_id, milestone_version) references milestone_versions (publication_id, milestone_id, version);
`;

const PAST_RUNS = `
  create table past_runs (
    publication_id uuid not null,
    id uuid not null,
    milestone_id uuid not null,
    milestone_version integer not null,
    state text not null,
    after_participant uuid,
    granted integer not null,
    capped integer not null,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint past_runs_pkey primary key (publication_id, id),
    constraint past_runs_publication_id_milestone_id_milestone_version_key unique (publication_id, milestone_id, milestone_version),
    constraint past_runs_state_check check (state in ('running', 'done', 'stopped') and (state = 'running') = (finished_at is null)),
    constraint past_runs_publication_id_milestone_id_milestone_version_fkey foreign key (publication_id, milestone_id, milestone_version)
      references milestone_versions (publication_id, milestone_id, version) on delete cascade
  );
  create index past_runs_running_idx on past_runs (created_at) where state = 'running';
`;
