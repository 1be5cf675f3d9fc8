import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Erasing a person: what is emptied, what is remembered of them, and what is needed to find all that names them. */
export class Erasure1763740000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table subscribers
        alter column email drop not null,
        alter column email_key drop not null,
        alter column abuse_key drop not null,
        add constraint subscribers_erased_check check (
          case when status = 'erased'
            then num_nonnulls(email, email_key, abuse_key, first_name, external_id, heard_from) = 0 and attributes = '{}'
            else num_nulls(email, email_key, abuse_key) = 0 end);

      create table former_addresses (
        publication_id uuid not null,
        subscriber_id uuid not null,
        email text not null,
        email_key text not null,
        abuse_key text not null,
        confirmed boolean not null,
        constraint former_addresses_pkey primary key (publication_id, subscriber_id, email_key),
        constraint former_addresses_publication_id_subscriber_id_fkey foreign key (publication_id, subscriber_id)
          references subscribers (publication_id, id) on delete cascade
      );
      create index former_addresses_abuse_key_idx on former_addresses (publication_id, abuse_key) where confirmed;

      create table erased_addresses (
        publication_id uuid not null,
        hash bytea not null,
        confirmed boolean not null,
        constraint erased_addresses_pkey primary key (publication_id, hash),
        constraint erased_addresses_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade
      );

      alter table webhook_deliveries add people uuid[] not null default '{}';
      update webhook_deliveries set people = array_remove(array[
        case when type like 'subscriber.%' then (data ->> 'id')::uuid end, (data -> 'subscriber' ->> 'id')::uuid,
        (data -> 'referrer' ->> 'id')::uuid, (data -> 'referred' ->> 'id')::uuid], null);
      alter table webhook_deliveries alter people drop default;
      create index webhook_deliveries_people_idx on webhook_deliveries using gin (people);`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table webhook_deliveries drop column people;
      drop table erased_addresses, former_addresses;
      delete from instance_settings where name = 'erasure_key';
      alter table subscribers drop constraint subscribers_erased_check;
      -- An erased reader has no address to go back to: one that cannot be written to stands in its place.
      update subscribers set email = id || '@erased.invalid', email_key = id || '@erased.invalid', abuse_key = id || '@erased.invalid'
        where status = 'erased';
      alter table subscribers alter column email set not null, alter column email_key set not null, alter column abuse_key set not null`);
  }
}
