import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the mails of some days ago that a mail which asks may follow. */
export class AskingMails1763900000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(
      `create index mails_followed_idx on mails (sent_at, id)
       where message in ('welcome', 'first-referral', 'referral-verified', 'reward') and state = 'sent'`,
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop index mails_followed_idx');
  }
}
