import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the confirm mails of yesterday that nobody has answered. */
export class ConfirmReminders1763801000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(
      `create index mails_confirm_sent_idx on mails (sent_at) where message = 'confirm' and state = 'sent'`,
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop index mails_confirm_sent_idx');
  }
}
