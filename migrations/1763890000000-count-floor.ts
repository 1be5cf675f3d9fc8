import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A correction that no person made: a count that would have fallen below zero. */
export class CountFloor1763890000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table referral_adjustments
        drop constraint referral_adjustments_source_check,
        add constraint referral_adjustments_source_check check (source in ('import', 'staff', 'floor'));
      update referral_adjustments set source = 'floor', reason = '' where source = 'staff' and actor = 'schedule'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      update referral_adjustments set source = 'staff' where source = 'floor';
      alter table referral_adjustments
        drop constraint referral_adjustments_source_check,
        add constraint referral_adjustments_source_check check (source in ('import', 'staff'))`);
  }
}
