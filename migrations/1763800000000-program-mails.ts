import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often and when mails about sharing come. */
export class ProgramMails1763800000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table publications add program_mails jsonb not null
        default '{"perWeek": 3, "quietFrom": "21:00", "quietUntil": "08:00", "off": []}';
      alter table mails add released_at timestamptz;
      create index mails_released_idx on mails (publication_id, subscriber_id, released_at) where released_at is not null`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop index mails_released_idx;
      alter table mails drop released_at;
      alter table publications drop program_mails`);
  }
}
