import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a publication's own systems tell of its readers: stages beyond verified, purchases, opinions; and counts that can fall. */
export class InboundEvents1763753000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(EVENTS);
    await db.query(`
      alter table programs add stages text[] not null default '{}';
      alter table programs alter column stages drop default;
      alter table grants add flagged_at timestamptz;

      alter table referral_stages add season integer;
      update referral_stages s set season = g.season
        from referrals r join programs g on g.publication_id = r.publication_id and g.id = r.program_id
        where s.publication_id = r.publication_id and s.referral_id = r.id and r.state = 'verified';

      create table lead_marks (
        publication_id uuid not null,
        referral_id uuid not null,
        decision_maker boolean,
        fit boolean,
        need boolean,
        owner text,
        note text,
        changed_at timestamptz not null,
        constraint lead_marks_pkey primary key (publication_id, referral_id),
        constraint lead_marks_publication_id_referral_id_fkey foreign key (publication_id, referral_id)
          references referrals (publication_id, id) on delete cascade
      );`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table lead_marks, opinions, purchases, inbound_events;
      alter table referral_stages drop column season;
      alter table grants drop column flagged_at;
      alter table programs drop column stages`);
  }
}

const EVENTS = `
  create table inbound_events (
    publication_id uuid not null,
    id text not null,
    subscriber_id uuid not null,
    type text not null,
    at timestamptz not null,
    digest bytea not null,
    data jsonb not null,
    received_at timestamptz not null,
    constraint inbound_events_pkey primary key (publication_id, id),
    constraint inbound_events_publication_id_subscriber_id_fkey foreign key (publication_id, subscriber_id)
      references subscribers (publication_id, id) on delete cascade
  );
  create index inbound_events_subscriber_idx on inbound_events (publication_id, subscriber_id, type);

  create table purchases (
    publication_id uuid not null,
    event_id text not null,
    subscriber_id uuid not null,
    plan text,
    seats integer,
    amount bigint,
    currency text,
    at timestamptz not null,
    refunded_at timestamptz,
    constraint purchases_pkey primary key (publication_id, event_id),
    constraint purchases_money_check check ((amount is null) = (currency is null)),
    constraint purchases_publication_id_event_id_fkey foreign key (publication_id, event_id)
      references inbound_events (publication_id, id) on delete cascade,
    constraint purchases_publication_id_subscriber_id_fkey foreign key (publication_id, subscriber_id)
      references subscribers (publication_id, id) on delete cascade
  );
  create index purchases_subscriber_idx on purchases (publication_id, subscriber_id);

  create table opinions (
    publication_id uuid not null,
    subscriber_id uuid not null,
    nps_score integer,
    nps_at timestamptz,
    reviewed_at timestamptz,
    constraint opinions_pkey primary key (publication_id, subscriber_id),
    constraint opinions_nps_check check (nps_score between 0 and 10 and (nps_score is null) = (nps_at is null)),
    constraint opinions_publication_id_subscriber_id_fkey foreign key (publication_id, subscriber_id)
      references subscribers (publication_id, id) on delete cascade
  );`;
