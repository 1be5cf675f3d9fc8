import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happens at set times happens once; contests and raffles, whose prizes are grants without a milestone. */
export class Schedules1763757000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table schedule_runs (
        publication_id uuid not null,
        schedule text not null,
        run_key text not null,
        ran_at timestamptz not null,
        constraint schedule_runs_pkey primary key (publication_id, schedule, run_key),
        constraint schedule_runs_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade
      );
      create index schedule_runs_ran_idx on schedule_runs (schedule, ran_at);`);
    await db.query(CONTESTS);
    await db.query(RAFFLES);
    await db.query(`
      alter table grants
        alter milestone_id drop not null,
        alter milestone_version drop not null,
        add contest_id uuid,
        add raffle_id uuid,
        add constraint grants_for_check check (
          num_nonnulls(milestone_id, contest_id, raffle_id) = 1 and (milestone_id is null) = (milestone_version is null)),
        add constraint grants_contest_key unique (publication_id, contest_id, occurrence),
        add constraint grants_raffle_key unique (publication_id, raffle_id, occurrence),
        add constraint grants_publication_id_contest_id_fkey foreign key (publication_id, contest_id)
          references contests (publication_id, id),
        add constraint grants_publication_id_raffle_id_fkey foreign key (publication_id, raffle_id)
          references raffles (publication_id, id)`);
  }

  async down(db: QueryRunner): Promise<void> {
    // An older version knows no grant without a milestone: those of prizes go, with what they gave.
    await db.query(`
      drop table raffle_winners, raffle_entries, raffle_prizes, contest_results, contest_rounds, contest_prizes;
      update coupon_codes c set grant_id = null from grants g
        where g.publication_id = c.publication_id and g.id = c.grant_id and g.milestone_id is null;
      delete from grants where milestone_id is null;
      alter table grants
        drop constraint grants_for_check, drop contest_id, drop raffle_id,
        alter milestone_id set not null, alter milestone_version set not null;
      drop table raffles, contests, schedule_runs`);
  }
}

const CONTESTS = `
  create table contests (
    publication_id uuid not null,
    id uuid not null,
    program_id uuid not null,
    name text not null,
    period text not null,
    stage text not null,
    approval text not null,
    round text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    ended_at timestamptz,
    created_at timestamptz not null,
    constraint contests_pkey primary key (publication_id, id),
    constraint contests_period_check check (period in ('month', 'days')),
    constraint contests_approval_check check (approval in ('automated', 'manual')),
    constraint contests_round_check check (starts_at < ends_at),
    constraint contests_publication_id_program_id_fkey foreign key (publication_id, program_id)
      references programs (publication_id, id) on delete cascade
  );
  create index contests_program_idx on contests (publication_id, program_id);
  create index contests_due_idx on contests (ends_at) where ended_at is null;

  create table contest_prizes (
    publication_id uuid not null,
    contest_id uuid not null,
    rank integer not null,
    reward_id uuid not null,
    constraint contest_prizes_pkey primary key (publication_id, contest_id, rank),
    constraint contest_prizes_rank_check check (rank >= 1),
    constraint contest_prizes_publication_id_contest_id_fkey foreign key (publication_id, contest_id)
      references contests (publication_id, id) on delete cascade,
    constraint contest_prizes_publication_id_reward_id_fkey foreign key (publication_id, reward_id)
      references rewards (publication_id, id)
  );

  create table contest_rounds (
    publication_id uuid not null,
    contest_id uuid not null,
    round text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    closed_at timestamptz not null,
    constraint contest_rounds_pkey primary key (publication_id, contest_id, round),
    constraint contest_rounds_publication_id_contest_id_fkey foreign key (publication_id, contest_id)
      references contests (publication_id, id) on delete cascade
  );

  create table contest_results (
    publication_id uuid not null,
    contest_id uuid not null,
    round text not null,
    rank integer not null,
    subscriber_id uuid not null,
    count integer not null,
    reached_at timestamptz not null,
    grant_id uuid,
    constraint contest_results_pkey primary key (publication_id, contest_id, round, rank),
    constraint contest_results_publication_id_contest_id_round_fkey foreign key (publication_id, contest_id, round)
      references contest_rounds (publication_id, contest_id, round) on delete cascade,
    constraint contest_results_publication_id_subscriber_id_fkey foreign key (publication_id, subscriber_id)
      references subscribers (publication_id, id) on delete cascade,
    constraint contest_results_publication_id_grant_id_fkey foreign key (publication_id, grant_id)
      references grants (publication_id, id)
  );
  create index contest_results_subscriber_idx on contest_results (publication_id, subscriber_id);

  create trigger contest_rounds_append_only before update or delete on contest_rounds for each row execute function refuse_change();
  create trigger contest_results_append_only before update or delete on contest_results for each row execute function refuse_change();`;

const RAFFLES = `
  create table raffles (
    publication_id uuid not null,
    id uuid not null,
    program_id uuid not null,
    name text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    entry_reward_id uuid,
    approval text not null,
    seed text not null,
    commitment text not null,
    drawn_at timestamptz,
    list_hash text,
    entry_count integer,
    created_at timestamptz not null,
    constraint raffles_pkey primary key (publication_id, id),
    constraint raffles_approval_check check (approval in ('automated', 'manual')),
    constraint raffles_period_check check (created_at < starts_at and starts_at < ends_at),
    constraint raffles_drawn_check check ((drawn_at is null) = (list_hash is null) and (drawn_at is null) = (entry_count is null)),
    constraint raffles_publication_id_program_id_fkey foreign key (publication_id, program_id)
      references programs (publication_id, id) on delete cascade,
    constraint raffles_publication_id_entry_reward_id_fkey foreign key (publication_id, entry_reward_id)
      references rewards (publication_id, id)
  );
  create index raffles_program_idx on raffles (publication_id, program_id);
  create index raffles_page_idx on raffles (id);
  create index raffles_due_idx on raffles (ends_at) where drawn_at is null;

  create table raffle_prizes (
    publication_id uuid not null,
    raffle_id uuid not null,
    position integer not null,
    reward_id uuid not null,
    count integer not null,
    constraint raffle_prizes_pkey primary key (publication_id, raffle_id, position),
    constraint raffle_prizes_count_check check (count >= 1),
    constraint raffle_prizes_publication_id_raffle_id_fkey foreign key (publication_id, raffle_id)
      references raffles (publication_id, id) on delete cascade,
    constraint raffle_prizes_publication_id_reward_id_fkey foreign key (publication_id, reward_id)
      references rewards (publication_id, id)
  );

  create table raffle_entries (
    publication_id uuid not null,
    raffle_id uuid not null,
    position integer not null,
    entry text not null,
    person text not null,
    subscriber_id uuid not null,
    referral_id uuid,
    constraint raffle_entries_pkey primary key (publication_id, raffle_id, position),
    constraint raffle_entries_publication_id_raffle_id_fkey foreign key (publication_id, raffle_id)
      references raffles (publication_id, id) on delete cascade,
    constraint raffle_entries_publication_id_subscriber_id_fkey foreign key (publication_id, subscriber_id)
      references subscribers (publication_id, id) on delete cascade,
    constraint raffle_entries_publication_id_referral_id_fkey foreign key (publication_id, referral_id)
      references referrals (publication_id, id)
  );
  create index raffle_entries_subscriber_idx on raffle_entries (publication_id, subscriber_id);
  create index raffle_entries_referral_idx on raffle_entries (publication_id, referral_id);

  create table raffle_winners (
    publication_id uuid not null,
    raffle_id uuid not null,
    number integer not null,
    position integer not null,
    grant_id uuid not null,
    constraint raffle_winners_pkey primary key (publication_id, raffle_id, number),
    constraint raffle_winners_entry_key unique (publication_id, raffle_id, position),
    constraint raffle_winners_publication_id_raffle_id_position_fkey foreign key (publication_id, raffle_id, position)
      references raffle_entries (publication_id, raffle_id, position) on delete cascade,
    constraint raffle_winners_publication_id_grant_id_fkey foreign key (publication_id, grant_id)
      references grants (publication_id, id)
  );

  create trigger raffle_entries_append_only before update or delete on raffle_entries for each row execute function refuse_change();
  create trigger raffle_winners_append_only before update or delete on raffle_winners for each row execute function refuse_change();`;
