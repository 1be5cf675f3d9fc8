import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A raffle may be called off before it is drawn: its page stays, and says so. */
export class RaffleCancel1763758000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table raffles
        add cancelled_at timestamptz,
        add constraint raffles_cancelled_check check (cancelled_at is null or drawn_at is null);
      drop index raffles_due_idx;
      create index raffles_due_idx on raffles (ends_at) where drawn_at is null and cancelled_at is null;`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop index raffles_due_idx;
      create index raffles_due_idx on raffles (ends_at) where drawn_at is null;
      alter table raffles drop constraint raffles_cancelled_check, drop cancelled_at;`);
  }
}
