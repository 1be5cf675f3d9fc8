import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People who work here: their accounts, where they work and as what, their sessions, and links that let somebody in once. */
export class Staff1763850000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table accounts (
        id uuid not null,
        email text not null,
        email_key text not null,
        name text not null,
        password_hash text,
        locale text not null,
        operator boolean not null,
        created_at timestamptz not null,
        constraint accounts_pkey primary key (id),
        constraint accounts_email_key_key unique (email_key),
        constraint accounts_locale_check check (locale in ('en', 'ja'))
      );

      create table memberships (
        publication_id uuid not null,
        account_id uuid not null,
        role text not null,
        created_at timestamptz not null,
        constraint memberships_pkey primary key (publication_id, account_id),
        constraint memberships_role_check check (role in ('admin', 'editor', 'marketing')),
        constraint memberships_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade,
        constraint memberships_account_id_fkey foreign key (account_id) references accounts (id) on delete cascade
      );
      create index memberships_account_idx on memberships (account_id);

      create table staff_sessions (
        token_hash bytea not null,
        account_id uuid not null,
        browser text not null,
        created_at timestamptz not null,
        last_used_at timestamptz not null,
        expires_at timestamptz not null,
        constraint staff_sessions_pkey primary key (token_hash),
        constraint staff_sessions_account_id_fkey foreign key (account_id) references accounts (id) on delete cascade
      );
      create index staff_sessions_account_idx on staff_sessions (account_id);
      create index staff_sessions_expires_at_idx on staff_sessions (expires_at);

    `);
    await this.links(db);
  }

  private async links(db: QueryRunner): Promise<void> {
    await db.query(`
      create table staff_links (
        id uuid not null,
        purpose text not null,
        email text,
        email_key text,
        account_id uuid,
        publication_id uuid,
        role text,
        invited_by uuid,
        created_at timestamptz not null,
        expires_at timestamptz,
        used_at timestamptz,
        constraint staff_links_pkey primary key (id),
        constraint staff_links_purpose_check check (purpose in ('first', 'invitation', 'sign_in')),
        constraint staff_links_role_check check (role in ('operator', 'admin', 'editor', 'marketing')),
        constraint staff_links_account_id_fkey foreign key (account_id) references accounts (id) on delete cascade,
        constraint staff_links_invited_by_fkey foreign key (invited_by) references accounts (id) on delete set null,
        constraint staff_links_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade
      );
      create unique index staff_links_first_idx on staff_links (purpose) where purpose = 'first';
      create unique index staff_links_invitation_idx on staff_links (publication_id, email_key)
        where purpose = 'invitation' and used_at is null;
      create index staff_links_expires_at_idx on staff_links (expires_at);`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table staff_links, staff_sessions, memberships, accounts`);
  }
}
