import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What holds a confirmed referral: a review, the delay, a click in a mail; and the settings of a program for that. */
export class Fraud1763750000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table programs
        add double_opt_in boolean not null default true,
        add require_engagement boolean not null default false,
        add fraud_level text not null default 'strong',
        add constraint programs_fraud_level_check check (fraud_level in ('flexible', 'strong', 'very_strong'));

      alter table referrals add engaged_at timestamptz;
      create index referrals_engagement_idx on referrals (publication_id, id) where state = 'held' and held_for = 'engagement';`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table referrals drop column engaged_at;
      alter table programs drop column double_opt_in, drop column require_engagement, drop column fraud_level;`);
  }
}
