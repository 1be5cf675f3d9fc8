import type { MigrationInterface, QueryRunner } from 'typeorm';

const SIGNALS = `
  create table signup_signals (
    publication_id uuid not null,
    subscriber_id uuid not null,
    at timestamptz not null,
    referrer_id uuid,
    click_id uuid,
    ip inet,
    network bytea,
    agent bytea,
    script boolean not null,
    fill_ms integer,
    browser_of uuid,
    signup_key bytea,
    earlier_key bytea,
    domain bytea,
    stem bytea,
    confirmed_at timestamptz,
    confirm_network bytea,
    confirm_agent bytea,
    confirm_script boolean,
    confirm_after_ms integer,
    constraint signup_signals_pkey primary key (publication_id, subscriber_id),
    constraint signup_signals_publication_id_subscriber_id_fkey foreign key (publication_id, subscriber_id)
      references subscribers (publication_id, id) on delete cascade,
    constraint signup_signals_publication_id_referrer_id_fkey foreign key (publication_id, referrer_id)
      references participants (publication_id, id) on delete cascade
  );
  create index signup_signals_referrer_idx on signup_signals (publication_id, referrer_id, at) where referrer_id is not null;
  create index signup_signals_network_idx on signup_signals (publication_id, network, at) where network is not null;
  create index signup_signals_domain_idx on signup_signals (publication_id, domain, at) where domain is not null;
  create index signup_signals_ip_idx on signup_signals (at) where ip is not null;
`;

const LISTS = `
  create table fraud_list_entries (
    publication_id uuid not null,
    id uuid not null,
    list text not null,
    kind text not null,
    key text not null,
    value text,
    note text,
    created_at timestamptz not null,
    constraint fraud_list_entries_pkey primary key (publication_id, id),
    constraint fraud_list_entries_key unique (publication_id, kind, key, list),
    constraint fraud_list_entries_list_check check (list in ('block', 'allow')),
    constraint fraud_list_entries_kind_check check (kind in ('address', 'domain', 'network')),
    constraint fraud_list_entries_value_check check (value is not null or kind = 'address'),
    constraint fraud_list_entries_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade
  );
`;

const ASSESSMENTS = `
  create table referral_assessments (
    publication_id uuid not null,
    referral_id uuid not null,
    referrer_id uuid not null,
    at timestamptz not null,
    level text not null,
    outcome text not null,
    refused jsonb,
    signs jsonb not null,
    allowed boolean not null,
    constraint referral_assessments_pkey primary key (publication_id, referral_id),
    constraint referral_assessments_level_check check (level in ('flexible', 'strong', 'very_strong')),
    constraint referral_assessments_outcome_check check (outcome in ('rejected', 'held', 'passed')),
    constraint referral_assessments_publication_id_referral_id_fkey foreign key (publication_id, referral_id)
      references referrals (publication_id, id) on delete cascade,
    constraint referral_assessments_publication_id_referrer_id_fkey foreign key (publication_id, referrer_id)
      references participants (publication_id, id) on delete cascade
  );
  create index referral_assessments_referrer_idx on referral_assessments (publication_id, referrer_id, at);
`;

/**
 * What holds a confirmed referral (a review, the delay, a click in a mail), the settings of a program for that, and what referrals are
 * judged by: the traces of signups, block and allow lists, and how each was judged.
 */
export class Fraud1763750000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table programs
        add double_opt_in boolean not null default true,
        add require_engagement boolean not null default false,
        add fraud_level text not null default 'strong',
        add constraint programs_fraud_level_check check (fraud_level in ('flexible', 'strong', 'very_strong'));

      alter table referrals add engaged_at timestamptz;
      create index referrals_engagement_idx on referrals (publication_id, id) where state = 'held' and held_for = 'engagement';
      create index referrals_review_ends_idx on referrals (held_until)
        where state = 'held' and held_for = 'review' and held_until is not null;
${SIGNALS}${LISTS}${ASSESSMENTS}`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table referral_assessments, fraud_list_entries, signup_signals;
      alter table referrals drop column engaged_at;
      alter table programs drop column double_opt_in, drop column require_engagement, drop column fraud_level;`);
  }
}
