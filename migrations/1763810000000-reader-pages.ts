import type { MigrationInterface, QueryRunner } from 'typeorm';

const ERASED = (more: string) => `
  alter table subscribers drop constraint subscribers_erased_check;
  alter table subscribers add constraint subscribers_erased_check check (case when status = 'erased'
    then num_nonnulls(email, email_key, abuse_key, first_name, external_id, heard_from${more}) = 0 and attributes = '{}'
    else num_nulls(email, email_key, abuse_key) = 0 end)`;

/** What readers set on their own page, and what programs and contents say of themselves to friends. */
export class ReaderPages1763810000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table subscribers add program_mails_muted_at timestamptz, add shows_name boolean not null default false, add board_name text;
      ${ERASED(', board_name')};
      alter table participants add share_words jsonb not null default '{}';
      alter table programs add shows_board boolean not null default false, add share_variants jsonb not null default '[]',
        add join_page jsonb not null default '{}';
      alter table contents add description text`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table contents drop description;
      alter table programs drop join_page, drop share_variants, drop shows_board;
      alter table participants drop share_words;
      ${ERASED('')};
      alter table subscribers drop board_name, drop shows_name, drop program_mails_muted_at`);
  }
}
