import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The first schema: publications, readers, share links, clicks, referrals, milestones, rewards and the mail outbox. */
export class TheLoop1763700000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(DIRECTORY);
    await db.query(READERS);
    await db.query(REFERRALS);
    await db.query(REWARDS);
    await db.query(MAIL);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table received_mails, mails, coupon_codes, ledger_entries, grants, milestones, rewards, stage_counts,
        referral_stages, referral_events, referrals, clicks, share_codes, participants, consents, subscribers,
        contents, programs, api_keys, publications, instance_settings`);
  }
}

const DIRECTORY = `
  create table instance_settings (
    name text not null,
    value text not null,
    constraint instance_settings_pkey primary key (name)
  );

  create table publications (
    id uuid not null,
    slug text not null,
    name text not null,
    site_url text not null,
    from_email text not null,
    from_name text,
    locale text not null,
    timezone text not null,
    postal_address text,
    allowed_origins text[] not null,
    created_at timestamptz not null,
    constraint publications_pkey primary key (id),
    constraint publications_slug_key unique (slug),
    constraint publications_locale_check check (locale in ('en', 'ja'))
  );

  create table api_keys (
    id uuid not null,
    publication_id uuid not null,
    role text not null,
    name text not null,
    secret_hash bytea not null,
    created_at timestamptz not null,
    constraint api_keys_pkey primary key (id),
    constraint api_keys_secret_hash_key unique (secret_hash),
    constraint api_keys_role_check check (role in ('admin', 'editor', 'marketing', 'site')),
    constraint api_keys_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade
  );
  create index api_keys_publication_id_idx on api_keys (publication_id);

  create table programs (
    publication_id uuid not null,
    id uuid not null,
    slug text not null,
    name text not null,
    access text not null,
    landing_url text,
    attribution_model text not null,
    attribution_window_days integer not null,
    hold_days integer not null,
    delivery_when text not null,
    delivery_cron text,
    delivery_timezone text,
    season integer not null,
    created_at timestamptz not null,
    constraint programs_pkey primary key (publication_id, id),
    constraint programs_publication_id_slug_key unique (publication_id, slug),
    constraint programs_access_check check (access in ('auto', 'open', 'invite', 'application', 'segment')),
    constraint programs_attribution_model_check check (attribution_model in ('first', 'last')),
    constraint programs_attribution_window_days_check check (attribution_window_days between 1 and 365),
    constraint programs_hold_days_check check (hold_days between 0 and 30),
    constraint programs_delivery_check check (
      delivery_when = 'immediate' or (delivery_when = 'scheduled' and delivery_cron is not null)),
    constraint programs_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade
  );

  create table contents (
    publication_id uuid not null,
    id uuid not null,
    slug text not null,
    title text not null,
    url text not null,
    kind text not null,
    published_at timestamptz,
    created_at timestamptz not null,
    constraint contents_pkey primary key (publication_id, id),
    constraint contents_publication_id_slug_key unique (publication_id, slug),
    constraint contents_kind_check check (kind in ('issue', 'article', 'page')),
    constraint contents_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade
  );
`;

const READERS = `
  create table subscribers (
    publication_id uuid not null,
    id uuid not null,
    email text not null,
    email_key text not null,
    abuse_key text not null,
    first_name text,
    status text not null,
    locale text not null,
    attributes jsonb not null,
    external_id text,
    heard_from text,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    unsubscribed_at timestamptz,
    constraint subscribers_pkey primary key (publication_id, id),
    constraint subscribers_publication_id_email_key_key unique (publication_id, email_key),
    constraint subscribers_publication_id_external_id_key unique (publication_id, external_id),
    constraint subscribers_status_check check (status in ('pending', 'active', 'unsubscribed', 'bounced', 'erased')),
    constraint subscribers_locale_check check (locale in ('en', 'ja')),
    constraint subscribers_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade
  );
  create index subscribers_abuse_key_idx on subscribers (publication_id, abuse_key);

  create table consents (
    publication_id uuid not null,
    id uuid not null,
    subscriber_id uuid not null,
    act text not null,
    source text not null,
    text_version text not null,
    at timestamptz not null,
    constraint consents_pkey primary key (publication_id, id),
    constraint consents_act_check check (act in ('asked', 'confirmed', 'withdrawn')),
    constraint consents_source_check check (source in ('join_page', 'api', 'mail')),
    constraint consents_publication_id_subscriber_id_fkey foreign key (publication_id, subscriber_id)
      references subscribers (publication_id, id) on delete cascade
  );
  create index consents_subscriber_idx on consents (publication_id, subscriber_id);

  create table participants (
    publication_id uuid not null,
    id uuid not null,
    program_id uuid not null,
    subscriber_id uuid not null,
    created_at timestamptz not null,
    constraint participants_pkey primary key (publication_id, id),
    constraint participants_publication_id_program_id_subscriber_id_key unique (publication_id, program_id, subscriber_id),
    constraint participants_publication_id_program_id_fkey foreign key (publication_id, program_id)
      references programs (publication_id, id) on delete cascade,
    constraint participants_publication_id_subscriber_id_fkey foreign key (publication_id, subscriber_id)
      references subscribers (publication_id, id) on delete cascade
  );
  create index participants_subscriber_idx on participants (publication_id, subscriber_id);

  create table share_codes (
    code text not null,
    publication_id uuid not null,
    participant_id uuid not null,
    constraint share_codes_pkey primary key (code),
    constraint share_codes_publication_id_participant_id_key unique (publication_id, participant_id),
    constraint share_codes_code_check check (code = lower(code)),
    constraint share_codes_publication_id_participant_id_fkey foreign key (publication_id, participant_id)
      references participants (publication_id, id) on delete cascade
  );

  create table clicks (
    publication_id uuid not null,
    id uuid not null,
    participant_id uuid not null,
    content_id uuid,
    channel text not null,
    class text not null,
    visitor bytea not null,
    visit_key bytea not null,
    at timestamptz not null,
    constraint clicks_pkey primary key (publication_id, id),
    constraint clicks_class_check check (class in ('human', 'bot', 'prefetch', 'repeat', 'self'))
  );
  create unique index clicks_counted_idx on clicks (publication_id, visit_key) where class = 'human';
  create index clicks_at_idx on clicks (publication_id, at) where class = 'human';
`;

const REFERRALS = `
  create table referrals (
    publication_id uuid not null,
    id uuid not null,
    program_id uuid not null,
    referrer_id uuid not null,
    referred_id uuid not null,
    state text not null,
    held_for text,
    held_until timestamptz,
    reasons jsonb not null,
    click_id uuid,
    clicked_at timestamptz,
    content_id uuid,
    channel text not null,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    verified_at timestamptz,
    constraint referrals_pkey primary key (publication_id, id),
    constraint referrals_publication_id_referred_id_key unique (publication_id, referred_id),
    constraint referrals_state_check check (state in ('pending', 'held', 'verified', 'rejected', 'expired', 'reversed')),
    constraint referrals_held_for_check check (
      (state = 'held') = (held_for is not null) and held_for in ('delay', 'engagement', 'review')),
    constraint referrals_verified_at_check check (state <> 'verified' or verified_at is not null),
    constraint referrals_publication_id_program_id_fkey foreign key (publication_id, program_id)
      references programs (publication_id, id) on delete cascade,
    constraint referrals_publication_id_referrer_id_fkey foreign key (publication_id, referrer_id)
      references participants (publication_id, id) on delete cascade,
    constraint referrals_publication_id_referred_id_fkey foreign key (publication_id, referred_id)
      references subscribers (publication_id, id) on delete cascade,
    constraint referrals_publication_id_content_id_fkey foreign key (publication_id, content_id)
      references contents (publication_id, id)
  );
  create index referrals_referrer_idx on referrals (publication_id, referrer_id, id);
  create index referrals_created_idx on referrals (publication_id, created_at);
  create index referrals_verified_idx on referrals (publication_id, verified_at) where state = 'verified';
  create index referrals_waiting_idx on referrals (created_at) where state = 'pending';
  create index referrals_held_idx on referrals (held_until) where state = 'held' and held_for = 'delay';

  create table referral_events (
    publication_id uuid not null,
    id uuid not null,
    referral_id uuid not null,
    from_state text,
    to_state text not null,
    held_for text,
    reasons jsonb not null,
    actor text not null,
    at timestamptz not null,
    constraint referral_events_pkey primary key (publication_id, id),
    constraint referral_events_publication_id_referral_id_fkey foreign key (publication_id, referral_id)
      references referrals (publication_id, id) on delete cascade
  );
  create index referral_events_referral_idx on referral_events (publication_id, referral_id);

  create table referral_stages (
    publication_id uuid not null,
    referral_id uuid not null,
    stage text not null,
    at timestamptz not null,
    constraint referral_stages_pkey primary key (publication_id, referral_id, stage),
    constraint referral_stages_publication_id_referral_id_fkey foreign key (publication_id, referral_id)
      references referrals (publication_id, id) on delete cascade
  );

  create table stage_counts (
    publication_id uuid not null,
    participant_id uuid not null,
    stage text not null,
    season integer not null,
    count integer not null,
    constraint stage_counts_pkey primary key (publication_id, participant_id, stage, season),
    constraint stage_counts_count_check check (count >= 0),
    constraint stage_counts_publication_id_participant_id_fkey foreign key (publication_id, participant_id)
      references participants (publication_id, id) on delete cascade
  );
`;

const REWARDS = `
  create table rewards (
    publication_id uuid not null,
    id uuid not null,
    name text not null,
    kind text not null,
    url text,
    code text,
    description text,
    created_at timestamptz not null,
    constraint rewards_pkey primary key (publication_id, id),
    constraint rewards_kind_check check (kind in ('link', 'coupon', 'custom')),
    constraint rewards_url_check check (kind <> 'link' or url is not null),
    constraint rewards_publication_id_fkey foreign key (publication_id) references publications (id) on delete cascade
  );

  create table milestones (
    publication_id uuid not null,
    id uuid not null,
    program_id uuid not null,
    name text not null,
    stage text not null,
    threshold integer not null,
    every integer,
    recipient text not null,
    reward_id uuid not null,
    approval text not null,
    hold_days integer not null,
    past text not null,
    created_at timestamptz not null,
    archived_at timestamptz,
    constraint milestones_pkey primary key (publication_id, id),
    constraint milestones_threshold_check check (threshold >= 1),
    constraint milestones_every_check check (every >= 1),
    constraint milestones_recipient_check check (
      recipient = 'referrer' or (recipient = 'referred' and threshold = 1)),
    constraint milestones_approval_check check (approval in ('automated', 'semi_manual', 'manual')),
    constraint milestones_hold_days_check check (hold_days between 0 and 365),
    constraint milestones_past_check check (past in ('grant', 'ignore')),
    constraint milestones_publication_id_program_id_fkey foreign key (publication_id, program_id)
      references programs (publication_id, id) on delete cascade,
    constraint milestones_publication_id_reward_id_fkey foreign key (publication_id, reward_id)
      references rewards (publication_id, id)
  );
  create index milestones_program_idx on milestones (publication_id, program_id) where archived_at is null;

  create table grants (
    publication_id uuid not null,
    id uuid not null,
    milestone_id uuid not null,
    subscriber_id uuid not null,
    occurrence text not null,
    reward_id uuid not null,
    referral_id uuid,
    count integer,
    status text not null,
    reason text,
    due_at timestamptz not null,
    created_at timestamptz not null,
    sent_at timestamptz,
    constraint grants_pkey primary key (publication_id, id),
    constraint grants_once_key unique (publication_id, milestone_id, subscriber_id, occurrence),
    constraint grants_status_check check (status in
      ('awaiting_approval', 'awaiting_claim', 'due', 'sent', 'fulfilled', 'revoked', 'capped', 'out_of_stock')),
    constraint grants_sent_at_check check (status not in ('sent') or sent_at is not null),
    constraint grants_publication_id_milestone_id_fkey foreign key (publication_id, milestone_id)
      references milestones (publication_id, id),
    constraint grants_publication_id_subscriber_id_fkey foreign key (publication_id, subscriber_id)
      references subscribers (publication_id, id) on delete cascade,
    constraint grants_publication_id_reward_id_fkey foreign key (publication_id, reward_id)
      references rewards (publication_id, id),
    constraint grants_publication_id_referral_id_fkey foreign key (publication_id, referral_id)
      references referrals (publication_id, id)
  );
  create index grants_subscriber_idx on grants (publication_id, subscriber_id);
  create index grants_due_idx on grants (due_at) where status = 'due';
  create index grants_waiting_idx on grants (publication_id, reward_id, created_at) where status = 'out_of_stock';

  create table ledger_entries (
    publication_id uuid not null,
    id uuid not null,
    grant_id uuid not null,
    subscriber_id uuid not null,
    act text not null,
    unit text not null,
    quantity bigint not null,
    at timestamptz not null,
    constraint ledger_entries_pkey primary key (publication_id, id),
    constraint ledger_entries_act_check check (act in ('given', 'taken_back')),
    constraint ledger_entries_publication_id_grant_id_fkey foreign key (publication_id, grant_id)
      references grants (publication_id, id) on delete cascade
  );
  create index ledger_entries_grant_idx on ledger_entries (publication_id, grant_id);

  create table coupon_codes (
    publication_id uuid not null,
    id uuid not null,
    reward_id uuid not null,
    code text not null,
    grant_id uuid,
    constraint coupon_codes_pkey primary key (publication_id, id),
    constraint coupon_codes_publication_id_reward_id_code_key unique (publication_id, reward_id, code),
    constraint coupon_codes_publication_id_grant_id_key unique (publication_id, grant_id),
    constraint coupon_codes_publication_id_reward_id_fkey foreign key (publication_id, reward_id)
      references rewards (publication_id, id) on delete cascade,
    constraint coupon_codes_publication_id_grant_id_fkey foreign key (publication_id, grant_id)
      references grants (publication_id, id)
  );
  create index coupon_codes_free_idx on coupon_codes (publication_id, reward_id, id) where grant_id is null;
`;

const MAIL = `
  create table mails (
    publication_id uuid not null,
    id uuid not null,
    subscriber_id uuid not null,
    message text not null,
    data jsonb not null,
    dedupe_key text not null,
    priority smallint not null,
    state text not null,
    attempts integer not null,
    due_at timestamptz not null,
    lease_until timestamptz,
    uncertain boolean not null,
    created_at timestamptz not null,
    sent_at timestamptz,
    last_error text,
    constraint mails_pkey primary key (publication_id, id),
    constraint mails_publication_id_dedupe_key_key unique (publication_id, dedupe_key),
    constraint mails_state_check check (state in ('waiting', 'sent', 'dead', 'uncertain', 'suppressed')),
    constraint mails_publication_id_subscriber_id_fkey foreign key (publication_id, subscriber_id)
      references subscribers (publication_id, id) on delete cascade
  );
  create index mails_due_idx on mails (priority, created_at) where state = 'waiting';
  create index mails_subscriber_idx on mails (publication_id, subscriber_id, message);

  create table received_mails (
    publication_id uuid not null,
    id uuid not null,
    recipient text not null,
    subject text not null,
    headers jsonb not null,
    text text not null,
    html text not null,
    at timestamptz not null,
    constraint received_mails_pkey primary key (publication_id, id)
  );
`;
