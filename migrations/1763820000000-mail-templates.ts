import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails in a publication's own words: every version that was ever saved, the newest is the one that counts. */
export class MailTemplates1763820000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table mail_template_versions (
        publication_id uuid not null,
        id uuid not null,
        message text not null,
        locale text not null,
        version integer not null,
        texts jsonb,
        actor text not null,
        created_at timestamptz not null,
        constraint mail_template_versions_pkey primary key (publication_id, id),
        constraint mail_template_versions_publication_id_fkey foreign key (publication_id)
          references publications (id) on delete cascade,
        constraint mail_template_versions_version_key unique (publication_id, message, locale, version),
        constraint mail_template_versions_locale_check check (locale in ('en', 'ja'))
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table mail_template_versions');
  }
}
