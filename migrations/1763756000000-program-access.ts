import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who takes part in a program and what it says of itself; contacts that participants hand in. */
export class ProgramAccess1763756000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table programs
        add column segment jsonb,
        add column join_fields jsonb not null default '[]',
        add column ask_heard_from boolean not null default false,
        add column description text,
        add column terms_url text,
        add column faq jsonb not null default '[]',
        add column steps jsonb not null default '[]',
        add column share_message text,
        add column requirements text[] not null default '{}',
        add column hand_in boolean not null default false,
        add column enrol_after uuid,
        add column enrolled_at timestamptz,
        add constraint programs_segment_check check (access <> 'segment' or segment is not null),
        add constraint programs_requirements_check check (access in ('invite', 'application') or requirements = '{}');
      create index programs_enrol_idx on programs (publication_id, id) where enrol_after is not null;

      alter table participants
        add column status text not null default 'active',
        add column is_asked boolean not null default false,
        add column requirements text[] not null default '{}',
        add column answers jsonb not null default '{}',
        add column applied_at timestamptz,
        add column decided_at timestamptz,
        add constraint participants_status_check check (status in ('invited', 'applied', 'active', 'rejected'));
      create index participants_program_idx on participants (publication_id, program_id, id)`);
    await db.query(`
      alter table consents drop constraint consents_source_check,
        add constraint consents_source_check check (source in ('join_page', 'api', 'mail', 'import', 'hand_in'));`);
    await this.handIns(db);
  }

  private async handIns(db: QueryRunner): Promise<void> {
    await db.query(`
      create table hand_ins (
        publication_id uuid not null,
        id uuid not null,
        participant_id uuid not null,
        email text,
        email_key text,
        abuse_key text,
        text_version text not null,
        handed_in_at timestamptz not null,
        subscriber_id uuid,
        confirmed_at timestamptz,
        constraint hand_ins_pkey primary key (publication_id, id),
        constraint hand_ins_publication_id_email_key_key unique (publication_id, email_key),
        constraint hand_ins_contact_check check (
          case when confirmed_at is null then num_nulls(email, email_key, abuse_key) = 0 and subscriber_id is null
            else num_nonnulls(email, email_key, abuse_key) = 0 and subscriber_id is not null end),
        constraint hand_ins_publication_id_participant_id_fkey foreign key (publication_id, participant_id)
          references participants (publication_id, id) on delete cascade,
        constraint hand_ins_publication_id_subscriber_id_fkey foreign key (publication_id, subscriber_id)
          references subscribers (publication_id, id) on delete cascade
      );
      create index hand_ins_participant_idx on hand_ins (publication_id, participant_id);
      create index hand_ins_subscriber_idx on hand_ins (publication_id, subscriber_id);
      create index hand_ins_waiting_idx on hand_ins (handed_in_at) where confirmed_at is null;

      create table asked_addresses (
        publication_id uuid not null,
        hash bytea not null,
        hand_in uuid not null,
        declined boolean not null,
        asked_at timestamptz not null,
        constraint asked_addresses_pkey primary key (publication_id, hash),
        constraint asked_addresses_publication_id_hand_in_key unique (publication_id, hand_in),
        constraint asked_addresses_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table asked_addresses, hand_ins;
      delete from mails where message in ('handed-in', 'participation', 'program-link');
      delete from consents where source = 'hand_in';
      alter table consents drop constraint consents_source_check,
        add constraint consents_source_check check (source in ('join_page', 'api', 'mail', 'import'));
      -- Who is no participant yet had no row before.
      delete from participants where status <> 'active';
      drop index participants_program_idx;
      alter table participants drop column status, drop column is_asked, drop column requirements, drop column answers,
        drop column applied_at, drop column decided_at;
      alter table programs drop column segment, drop column join_fields, drop column ask_heard_from, drop column description,
        drop column terms_url, drop column faq, drop column steps, drop column share_message, drop column requirements,
        drop column hand_in, drop column enrol_after, drop column enrolled_at`);
  }
}
