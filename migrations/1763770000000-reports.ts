import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Presses on share buttons. */
export class Reports1763770000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table shares (
        publication_id uuid not null,
        participant_id uuid not null,
        press text not null,
        content_id uuid,
        channel text not null,
        at timestamptz not null,
        constraint shares_pkey primary key (publication_id, participant_id, press),
        constraint shares_publication_id_participant_id_fkey foreign key (publication_id, participant_id)
          references participants (publication_id, id) on delete cascade,
        constraint shares_publication_id_content_id_fkey foreign key (publication_id, content_id)
          references contents (publication_id, id)
      );
      create index shares_at_idx on shares (publication_id, at)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table shares`);
  }
}
