import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhook endpoints and their outbox; and mails to staff, who are no subscribers. */
export class Webhooks1763710000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table webhooks (
        publication_id uuid not null,
        id uuid not null,
        url text not null,
        events text[] not null,
        off_reason text,
        secret bytea not null,
        previous_secret bytea,
        previous_secret_until timestamptz,
        failing_since timestamptz,
        paused_until timestamptz,
        created_at timestamptz not null,
        constraint webhooks_pkey primary key (publication_id, id),
        constraint webhooks_off_reason_check check (off_reason in ('staff', 'gone', 'failing')),
        constraint webhooks_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade
      );

      create table webhook_deliveries (
        publication_id uuid not null,
        id uuid not null,
        webhook_id uuid not null,
        event_key text not null,
        type text not null,
        data jsonb not null,
        state text not null,
        attempts integer not null,
        due_at timestamptz not null,
        lease_until timestamptz,
        tries jsonb not null,
        created_at timestamptz not null,
        delivered_at timestamptz,
        constraint webhook_deliveries_pkey primary key (publication_id, id),
        constraint webhook_deliveries_publication_id_webhook_id_event_key_key unique (publication_id, webhook_id, event_key),
        constraint webhook_deliveries_state_check check (state in ('waiting', 'delivered', 'failed')),
        constraint webhook_deliveries_publication_id_webhook_id_fkey foreign key (publication_id, webhook_id)
          references webhooks (publication_id, id) on delete cascade
      );
      create index webhook_deliveries_due_idx on webhook_deliveries (publication_id, webhook_id, due_at) where state = 'waiting';
      create index webhook_deliveries_webhook_idx on webhook_deliveries (publication_id, webhook_id, id);

      alter table mails alter column subscriber_id drop not null, add column recipient text,
        add constraint mails_addressee_check check ((subscriber_id is null) <> (recipient is null));`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table webhook_deliveries, webhooks;
      delete from mails where subscriber_id is null;
      alter table mails drop column recipient, alter column subscriber_id set not null;`);
  }
}
