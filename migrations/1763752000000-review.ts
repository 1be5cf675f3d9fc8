import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people decide and say: the audit log, a reader's appeal, and the queue of what waits for a reviewer. */
export class Review1763752000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table audit_entries (
        publication_id uuid not null,
        id uuid not null,
        actor text not null,
        role text not null,
        act text not null,
        subject_kind text not null,
        subject_id uuid not null,
        people uuid[] not null,
        batch uuid,
        note text,
        data jsonb not null,
        at timestamptz not null,
        constraint audit_entries_pkey primary key (publication_id, id),
        constraint audit_entries_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade
      );
      create index audit_entries_subject_idx on audit_entries (publication_id, subject_id);
      create index audit_entries_batch_idx on audit_entries (publication_id, batch) where batch is not null;
      create index audit_entries_people_idx on audit_entries using gin (people);

      create table referral_appeals (
        publication_id uuid not null,
        referral_id uuid not null,
        words text,
        at timestamptz not null,
        decided_at timestamptz,
        decision text,
        constraint referral_appeals_pkey primary key (publication_id, referral_id),
        constraint referral_appeals_decision_check check (
          (decided_at is null) = (decision is null) and decision in ('approve', 'reject')),
        constraint referral_appeals_publication_id_referral_id_fkey foreign key (publication_id, referral_id)
          references referrals (publication_id, id) on delete cascade
      );

      create index referrals_review_idx on referrals (publication_id, id) where state = 'held' and held_for = 'review';`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop index referrals_review_idx; drop table referral_appeals, audit_entries`);
  }
}
