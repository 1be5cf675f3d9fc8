import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers kept for Idempotency-Key, and how often strangers may cause mail. */
export class IdempotencyAndLimits1763730000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table idempotency_keys (
        publication_id uuid not null,
        key text not null,
        request_hash bytea not null,
        owner uuid not null,
        lease_until timestamptz not null,
        status smallint,
        content_type text,
        response text,
        created_at timestamptz not null,
        constraint idempotency_keys_pkey primary key (publication_id, key)
      );
      create index idempotency_keys_created_at_idx on idempotency_keys (created_at);

      create table mail_limits (
        address bytea not null,
        recent timestamptz[] not null,
        latest timestamptz not null,
        constraint mail_limits_pkey primary key (address)
      );
      create index mail_limits_latest_idx on mail_limits (latest);

      create table network_limits (
        network bytea not null,
        ends_at timestamptz not null,
        count integer not null,
        constraint network_limits_pkey primary key (network)
      );
      create index network_limits_ends_at_idx on network_limits (ends_at);

      -- For metrics: what went wrong is few beside what was sent, and costs nothing where all goes well.
      create index mails_stopped_idx on mails (state) where state in ('dead', 'uncertain', 'suppressed');
      create index webhook_deliveries_failed_idx on webhook_deliveries (state) where state = 'failed';`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      `drop index webhook_deliveries_failed_idx, mails_stopped_idx; drop table network_limits, mail_limits, idempotency_keys`,
    );
  }
}
