import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Readers from elsewhere: imports with a verdict per row, counts that were earned elsewhere, and when a reader last changed. */
export class Imports1763720000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(CHANGES);
    await db.query(IMPORTS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table referral_adjustments, import_rows, imports;
      alter table consents drop constraint consents_source_check,
        add constraint consents_source_check check (source in ('join_page', 'api', 'mail')) not valid;
      alter table stage_counts drop column changed_at;
      alter table subscribers drop column changed_at`);
  }
}

const CHANGES = `
  alter table subscribers add column changed_at timestamptz not null default now();
  alter table stage_counts add column changed_at timestamptz not null default now();
  alter table consents drop constraint consents_source_check,
    add constraint consents_source_check check (source in ('join_page', 'api', 'mail', 'import'));
`;

const IMPORTS = `
  create table imports (
    publication_id uuid not null,
    id uuid not null,
    state text not null,
    phase text not null,
    at_row integer not null,
    total integer not null,
    failed integer not null,
    consent text not null,
    columns jsonb not null,
    ignored_columns text[] not null,
    dry_run boolean not null,
    mail_past boolean not null,
    verdicts jsonb,
    attempts integer not null,
    error text,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint imports_pkey primary key (publication_id, id),
    constraint imports_state_check check (state in ('waiting', 'running', 'done', 'failed')),
    constraint imports_phase_check check (phase in ('sort', 'readers', 'referrers', 'referrals', 'counts', 'end')),
    constraint imports_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade
  );
  create index imports_waiting_idx on imports (created_at) where state in ('waiting', 'running');

  create table import_rows (
    publication_id uuid not null,
    import_id uuid not null,
    row_no integer not null,
    email text not null,
    email_key text,
    abuse_key text,
    first_name text,
    locale text,
    told_code text,
    share_code text,
    external_id text,
    attributes jsonb,
    referral_count integer,
    referred_by text,
    referred_by_key text,
    created_at timestamptz,
    confirmed_at timestamptz,
    alias boolean not null,
    verdict text,
    message text,
    constraint import_rows_pkey primary key (publication_id, import_id, row_no),
    constraint import_rows_publication_id_import_id_fkey foreign key (publication_id, import_id)
      references imports (publication_id, id) on delete cascade
  );
  create index import_rows_told_code_idx on import_rows (publication_id, import_id, told_code) where told_code is not null;

  create table referral_adjustments (
    publication_id uuid not null,
    id uuid not null,
    participant_id uuid not null,
    season integer not null,
    delta integer not null,
    total integer,
    reason text not null,
    source text not null,
    at timestamptz not null,
    constraint referral_adjustments_pkey primary key (publication_id, id),
    constraint referral_adjustments_source_check check (source in ('import', 'staff')),
    constraint referral_adjustments_publication_id_participant_id_fkey foreign key (publication_id, participant_id)
      references participants (publication_id, id) on delete cascade
  );
  create index referral_adjustments_participant_idx on referral_adjustments (publication_id, participant_id);
`;
