import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An invitation that waits for its reader's own press stands for 30 days. */
export class InvitationsEnd1763758100000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table participants add invited_at timestamptz;
      update participants set invited_at = created_at where status = 'invited' and is_asked;
      create index participants_invited_idx on participants (invited_at) where status = 'invited' and is_asked;`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop index participants_invited_idx;
      alter table participants drop invited_at;`);
  }
}
