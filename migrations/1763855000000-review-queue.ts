import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a reviewer looks through: what waits for time or the friend, and what people decided. */
export class ReviewQueue1763855000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index referrals_clock_idx on referrals (publication_id, id) where state = 'held' and held_for <> 'review';
      create index referral_events_decisions_idx on referral_events (publication_id, id)
        where actor = 'operator' or actor like 'key:%' or actor like 'account:%';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index referral_events_decisions_idx; drop index referrals_clock_idx;`);
  }
}
