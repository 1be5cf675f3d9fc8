-- Written by npm run docs out of the migrations. Do not edit.

create table instance_settings (
  name text not null,
  value text not null,
  constraint instance_settings_pkey PRIMARY KEY (name)
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
  program_mails jsonb not null default '{"off": [], "perWeek": 3, "quietFrom": "21:00", "quietUntil": "08:00"}'::jsonb,
  constraint publications_pkey PRIMARY KEY (id),
  constraint publications_slug_key UNIQUE (slug),
  constraint publications_locale_check CHECK (locale in ('en', 'ja'))
);

create table api_keys (
  id uuid not null,
  publication_id uuid not null,
  role text not null,
  name text not null,
  secret_hash bytea not null,
  created_at timestamptz not null,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_secret_hash_key UNIQUE (secret_hash),
  constraint api_keys_role_check CHECK (role in ('admin', 'editor', 'marketing', 'site')),
  constraint api_keys_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
);
CREATE INDEX api_keys_publication_id_idx ON api_keys USING btree (publication_id);

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
  double_opt_in boolean not null default true,
  require_engagement boolean not null default false,
  fraud_level text not null default 'strong',
  stages text[] not null,
  segment jsonb,
  join_fields jsonb not null default '[]'::jsonb,
  ask_heard_from boolean not null default false,
  description text,
  terms_url text,
  faq jsonb not null default '[]'::jsonb,
  steps jsonb not null default '[]'::jsonb,
  share_message text,
  requirements text[] not null default '{}'[],
  hand_in boolean not null default false,
  enrol_after uuid,
  enrolled_at timestamptz,
  shows_board boolean not null default false,
  share_variants jsonb not null default '[]'::jsonb,
  join_page jsonb not null default '{}'::jsonb,
  constraint programs_pkey PRIMARY KEY (publication_id, id),
  constraint programs_publication_id_slug_key UNIQUE (publication_id, slug),
  constraint programs_access_check CHECK (access in ('auto', 'open', 'invite', 'application', 'segment')),
  constraint programs_attribution_model_check CHECK (attribution_model in ('first', 'last')),
  constraint programs_attribution_window_days_check CHECK (attribution_window_days >= 1 AND attribution_window_days <= 365),
  constraint programs_delivery_check CHECK (delivery_when = 'immediate' OR delivery_when = 'scheduled' AND delivery_cron IS NOT NULL),
  constraint programs_fraud_level_check CHECK (fraud_level in ('flexible', 'strong', 'very_strong')),
  constraint programs_hold_days_check CHECK (hold_days >= 0 AND hold_days <= 30),
  constraint programs_requirements_check CHECK ((access in ('invite', 'application')) OR requirements = '{}'[]),
  constraint programs_segment_check CHECK (access <> 'segment' OR segment IS NOT NULL),
  constraint programs_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
);
CREATE INDEX programs_enrol_idx ON programs USING btree (publication_id, id) WHERE (enrol_after IS NOT NULL);

create table contents (
  publication_id uuid not null,
  id uuid not null,
  slug text not null,
  title text not null,
  url text not null,
  kind text not null,
  published_at timestamptz,
  created_at timestamptz not null,
  description text,
  constraint contents_pkey PRIMARY KEY (publication_id, id),
  constraint contents_publication_id_slug_key UNIQUE (publication_id, slug),
  constraint contents_kind_check CHECK (kind in ('issue', 'article', 'page')),
  constraint contents_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
);

create table subscribers (
  publication_id uuid not null,
  id uuid not null,
  email text,
  email_key text,
  abuse_key text,
  first_name text,
  status text not null,
  locale text not null,
  attributes jsonb not null,
  external_id text,
  heard_from text,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  unsubscribed_at timestamptz,
  changed_at timestamptz not null default now(),
  program_mails_muted_at timestamptz,
  shows_name boolean not null default false,
  board_name text,
  constraint subscribers_pkey PRIMARY KEY (publication_id, id),
  constraint subscribers_publication_id_email_key_key UNIQUE (publication_id, email_key),
  constraint subscribers_publication_id_external_id_key UNIQUE (publication_id, external_id),
  constraint subscribers_erased_check CHECK (
CASE
    WHEN status = 'erased' THEN num_nonnulls(email, email_key, abuse_key, first_name, external_id, heard_from, board_name) = 0 AND attributes = '{}'::jsonb
    ELSE num_nulls(email, email_key, abuse_key) = 0
END),
  constraint subscribers_locale_check CHECK (locale in ('en', 'ja')),
  constraint subscribers_status_check CHECK (status in ('pending', 'active', 'unsubscribed', 'bounced', 'erased')),
  constraint subscribers_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
);
CREATE INDEX subscribers_abuse_key_idx ON subscribers USING btree (publication_id, abuse_key);

create table consents (
  publication_id uuid not null,
  id uuid not null,
  subscriber_id uuid not null,
  act text not null,
  source text not null,
  text_version text not null,
  at timestamptz not null,
  constraint consents_pkey PRIMARY KEY (publication_id, id),
  constraint consents_act_check CHECK (act in ('asked', 'confirmed', 'withdrawn')),
  constraint consents_source_check CHECK (source in ('join_page', 'api', 'mail', 'import', 'hand_in')),
  constraint consents_publication_id_subscriber_id_fkey FOREIGN KEY (publication_id, subscriber_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX consents_subscriber_idx ON consents USING btree (publication_id, subscriber_id);

create table participants (
  publication_id uuid not null,
  id uuid not null,
  program_id uuid not null,
  subscriber_id uuid not null,
  created_at timestamptz not null,
  status text not null default 'active',
  is_asked boolean not null default false,
  requirements text[] not null default '{}'[],
  answers jsonb not null default '{}'::jsonb,
  applied_at timestamptz,
  decided_at timestamptz,
  invited_at timestamptz,
  share_words jsonb not null default '{}'::jsonb,
  constraint participants_pkey PRIMARY KEY (publication_id, id),
  constraint participants_publication_id_program_id_subscriber_id_key UNIQUE (publication_id, program_id, subscriber_id),
  constraint participants_status_check CHECK (status in ('invited', 'applied', 'active', 'rejected')),
  constraint participants_publication_id_program_id_fkey FOREIGN KEY (publication_id, program_id) REFERENCES programs(publication_id, id) ON DELETE CASCADE,
  constraint participants_publication_id_subscriber_id_fkey FOREIGN KEY (publication_id, subscriber_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX participants_invited_idx ON participants USING btree (invited_at) WHERE ((status = 'invited') AND is_asked);
CREATE INDEX participants_program_idx ON participants USING btree (publication_id, program_id, id);
CREATE INDEX participants_subscriber_idx ON participants USING btree (publication_id, subscriber_id);

create table share_codes (
  code text not null,
  publication_id uuid not null,
  participant_id uuid not null,
  constraint share_codes_pkey PRIMARY KEY (code),
  constraint share_codes_publication_id_participant_id_key UNIQUE (publication_id, participant_id),
  constraint share_codes_code_check CHECK (code = lower(code)),
  constraint share_codes_publication_id_participant_id_fkey FOREIGN KEY (publication_id, participant_id) REFERENCES participants(publication_id, id) ON DELETE CASCADE
);

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
  engaged_at timestamptz,
  changed_in bigint not null default this_transaction(),
  constraint referrals_pkey PRIMARY KEY (publication_id, id),
  constraint referrals_publication_id_referred_id_key UNIQUE (publication_id, referred_id),
  constraint referrals_held_for_check CHECK ((state = 'held') = (held_for IS NOT NULL) AND (held_for in ('delay', 'engagement', 'review'))),
  constraint referrals_state_check CHECK (state in ('pending', 'held', 'verified', 'rejected', 'expired', 'reversed')),
  constraint referrals_verified_at_check CHECK (state <> 'verified' OR verified_at IS NOT NULL),
  constraint referrals_publication_id_content_id_fkey FOREIGN KEY (publication_id, content_id) REFERENCES contents(publication_id, id),
  constraint referrals_publication_id_program_id_fkey FOREIGN KEY (publication_id, program_id) REFERENCES programs(publication_id, id) ON DELETE CASCADE,
  constraint referrals_publication_id_referred_id_fkey FOREIGN KEY (publication_id, referred_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE,
  constraint referrals_publication_id_referrer_id_fkey FOREIGN KEY (publication_id, referrer_id) REFERENCES participants(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX referrals_changed_idx ON referrals USING btree (publication_id, changed_in, id);
CREATE INDEX referrals_clock_idx ON referrals USING btree (publication_id, id) WHERE ((state = 'held') AND (held_for <> 'review'));
CREATE INDEX referrals_created_idx ON referrals USING btree (publication_id, created_at);
CREATE INDEX referrals_engagement_idx ON referrals USING btree (publication_id, id) WHERE ((state = 'held') AND (held_for = 'engagement'));
CREATE INDEX referrals_held_idx ON referrals USING btree (held_until) WHERE ((state = 'held') AND (held_for = 'delay'));
CREATE INDEX referrals_referrer_idx ON referrals USING btree (publication_id, referrer_id, id);
CREATE INDEX referrals_review_ends_idx ON referrals USING btree (held_until) WHERE ((state = 'held') AND (held_for = 'review') AND (held_until IS NOT NULL));
CREATE INDEX referrals_review_idx ON referrals USING btree (publication_id, id) WHERE ((state = 'held') AND (held_for = 'review'));
CREATE INDEX referrals_verified_idx ON referrals USING btree (publication_id, verified_at) WHERE (state = 'verified');
CREATE INDEX referrals_waiting_idx ON referrals USING btree (created_at) WHERE (state = 'pending');

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
  constraint referral_events_pkey PRIMARY KEY (publication_id, id),
  constraint referral_events_publication_id_referral_id_fkey FOREIGN KEY (publication_id, referral_id) REFERENCES referrals(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX referral_events_decisions_idx ON referral_events USING btree (publication_id, id) WHERE ((actor = 'operator') OR (actor ~~ 'key:%') OR (actor ~~ 'account:%'));
CREATE INDEX referral_events_referral_idx ON referral_events USING btree (publication_id, referral_id);

create table referral_stages (
  publication_id uuid not null,
  referral_id uuid not null,
  stage text not null,
  at timestamptz not null,
  season integer,
  constraint referral_stages_pkey PRIMARY KEY (publication_id, referral_id, stage),
  constraint referral_stages_publication_id_referral_id_fkey FOREIGN KEY (publication_id, referral_id) REFERENCES referrals(publication_id, id) ON DELETE CASCADE
);

create table stage_counts (
  publication_id uuid not null,
  participant_id uuid not null,
  stage text not null,
  season integer not null,
  count integer not null,
  changed_at timestamptz not null default now(),
  constraint stage_counts_pkey PRIMARY KEY (publication_id, participant_id, stage, season),
  constraint stage_counts_count_check CHECK (count >= 0),
  constraint stage_counts_publication_id_participant_id_fkey FOREIGN KEY (publication_id, participant_id) REFERENCES participants(publication_id, id) ON DELETE CASCADE
);

create table rewards (
  publication_id uuid not null,
  id uuid not null,
  name text not null,
  kind text not null,
  url text,
  code text,
  description text,
  created_at timestamptz not null,
  terms jsonb not null default '{}'::jsonb,
  constraint rewards_pkey PRIMARY KEY (publication_id, id),
  constraint rewards_kind_check CHECK (kind in ('link', 'coupon', 'gift_card', 'credit', 'discount', 'physical', 'access', 'entry', 'custom')),
  constraint rewards_url_check CHECK (kind <> 'link' OR url IS NOT NULL),
  constraint rewards_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
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
  cap jsonb,
  audience jsonb,
  version integer not null,
  changed_at timestamptz not null,
  constraint milestones_pkey PRIMARY KEY (publication_id, id),
  constraint milestones_approval_check CHECK (approval in ('automated', 'semi_manual', 'manual')),
  constraint milestones_cap_check CHECK (((cap ->> 'count')::integer) >= 1 AND ((cap ->> 'per') in ('month', 'year', 'ever'))),
  constraint milestones_every_check CHECK (every >= 1),
  constraint milestones_hold_days_check CHECK (hold_days >= 0 AND hold_days <= 365),
  constraint milestones_past_check CHECK (past in ('grant', 'ignore')),
  constraint milestones_recipient_check CHECK (recipient = 'referrer' OR recipient = 'referred' AND threshold = 1),
  constraint milestones_threshold_check CHECK (threshold >= 1),
  constraint milestones_publication_id_program_id_fkey FOREIGN KEY (publication_id, program_id) REFERENCES programs(publication_id, id) ON DELETE CASCADE,
  constraint milestones_publication_id_reward_id_fkey FOREIGN KEY (publication_id, reward_id) REFERENCES rewards(publication_id, id)
);
CREATE INDEX milestones_program_idx ON milestones USING btree (publication_id, program_id) WHERE (archived_at IS NULL);

create table grants (
  publication_id uuid not null,
  id uuid not null,
  milestone_id uuid,
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
  flagged_at timestamptz,
  reached_at timestamptz not null,
  reached_month text,
  season integer not null,
  milestone_version integer,
  value_amount bigint,
  value_currency text,
  percent integer,
  company text,
  ceiling bigint,
  ceiling_per text,
  asked_at timestamptz,
  fulfilled_at timestamptz,
  contest_id uuid,
  raffle_id uuid,
  constraint grants_pkey PRIMARY KEY (publication_id, id),
  constraint grants_contest_key UNIQUE (publication_id, contest_id, occurrence),
  constraint grants_once_key UNIQUE (publication_id, milestone_id, subscriber_id, occurrence),
  constraint grants_raffle_key UNIQUE (publication_id, raffle_id, occurrence),
  constraint grants_ceiling_check CHECK ((ceiling IS NULL) = (ceiling_per IS NULL) AND (ceiling_per in ('month', 'year', 'ever'))),
  constraint grants_for_check CHECK (num_nonnulls(milestone_id, contest_id, raffle_id) = 1 AND (milestone_id IS NULL) = (milestone_version IS NULL)),
  constraint grants_reached_month_check CHECK (reached_month ~ '^[0-9]{4}-[0-9]{2}$'),
  constraint grants_sent_at_check CHECK (status <> 'sent' OR sent_at IS NOT NULL),
  constraint grants_status_check CHECK (status in ('awaiting_approval', 'awaiting_claim', 'due', 'sent', 'fulfilled', 'revoked', 'capped', 'out_of_stock')),
  constraint grants_value_check CHECK ((value_amount IS NULL) = (value_currency IS NULL)),
  constraint grants_publication_id_contest_id_fkey FOREIGN KEY (publication_id, contest_id) REFERENCES contests(publication_id, id),
  constraint grants_publication_id_milestone_id_fkey FOREIGN KEY (publication_id, milestone_id) REFERENCES milestones(publication_id, id),
  constraint grants_publication_id_milestone_id_milestone_version_fkey FOREIGN KEY (publication_id, milestone_id, milestone_version) REFERENCES milestone_versions(publication_id, milestone_id, version),
  constraint grants_publication_id_raffle_id_fkey FOREIGN KEY (publication_id, raffle_id) REFERENCES raffles(publication_id, id),
  constraint grants_publication_id_referral_id_fkey FOREIGN KEY (publication_id, referral_id) REFERENCES referrals(publication_id, id),
  constraint grants_publication_id_reward_id_fkey FOREIGN KEY (publication_id, reward_id) REFERENCES rewards(publication_id, id),
  constraint grants_publication_id_subscriber_id_fkey FOREIGN KEY (publication_id, subscriber_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX grants_due_idx ON grants USING btree (due_at) WHERE (status = 'due');
CREATE INDEX grants_subscriber_idx ON grants USING btree (publication_id, subscriber_id);
CREATE INDEX grants_to_ask_idx ON grants USING btree (due_at) WHERE ((status = 'awaiting_claim') AND (asked_at IS NULL));
CREATE INDEX grants_waiting_idx ON grants USING btree (publication_id, reward_id, created_at) WHERE (status = 'out_of_stock');

create table ledger_entries (
  publication_id uuid not null,
  id uuid not null,
  grant_id uuid not null,
  subscriber_id uuid not null,
  act text not null,
  unit text not null,
  quantity bigint not null,
  at timestamptz not null,
  turn integer not null,
  currency text,
  constraint ledger_entries_pkey PRIMARY KEY (publication_id, id),
  constraint ledger_entries_turn_key UNIQUE (publication_id, grant_id, turn),
  constraint ledger_entries_act_check CHECK (act in ('given', 'taken_back')),
  constraint ledger_entries_turn_check CHECK (turn >= 1 AND (act = 'given') = ((turn % 2) = 1) AND
CASE
    WHEN act = 'given' THEN quantity > 0
    ELSE quantity < 0
END),
  constraint ledger_entries_unit_check CHECK ((unit in ('money', 'percent', 'month', 'piece')) AND (unit = 'money') = (currency IS NOT NULL)),
  constraint ledger_entries_publication_id_grant_id_fkey FOREIGN KEY (publication_id, grant_id) REFERENCES grants(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX ledger_entries_subscriber_idx ON ledger_entries USING btree (publication_id, subscriber_id);

create table coupon_codes (
  publication_id uuid not null,
  id uuid not null,
  reward_id uuid not null,
  code text not null,
  grant_id uuid,
  value_amount bigint,
  value_currency text,
  constraint coupon_codes_pkey PRIMARY KEY (publication_id, id),
  constraint coupon_codes_publication_id_grant_id_key UNIQUE (publication_id, grant_id),
  constraint coupon_codes_publication_id_reward_id_code_key UNIQUE (publication_id, reward_id, code),
  constraint coupon_codes_value_check CHECK ((value_amount IS NULL) = (value_currency IS NULL)),
  constraint coupon_codes_publication_id_grant_id_fkey FOREIGN KEY (publication_id, grant_id) REFERENCES grants(publication_id, id),
  constraint coupon_codes_publication_id_reward_id_fkey FOREIGN KEY (publication_id, reward_id) REFERENCES rewards(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX coupon_codes_free_idx ON coupon_codes USING btree (publication_id, reward_id, id) WHERE (grant_id IS NULL);

create table mails (
  publication_id uuid not null,
  id uuid not null,
  subscriber_id uuid,
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
  recipient text,
  released_at timestamptz,
  constraint mails_pkey PRIMARY KEY (publication_id, id),
  constraint mails_publication_id_dedupe_key_key UNIQUE (publication_id, dedupe_key),
  constraint mails_addressee_check CHECK ((subscriber_id IS NULL) <> (recipient IS NULL)),
  constraint mails_state_check CHECK (state in ('waiting', 'sent', 'dead', 'uncertain', 'suppressed')),
  constraint mails_publication_id_subscriber_id_fkey FOREIGN KEY (publication_id, subscriber_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX mails_confirm_sent_idx ON mails USING btree (sent_at) WHERE ((message = 'confirm') AND (state = 'sent'));
CREATE INDEX mails_due_idx ON mails USING btree (priority, created_at) WHERE (state = 'waiting');
CREATE INDEX mails_followed_idx ON mails USING btree (sent_at, id) WHERE ((message in ('welcome', 'first-referral', 'referral-verified', 'reward')) AND (state = 'sent'));
CREATE INDEX mails_released_idx ON mails USING btree (publication_id, subscriber_id, released_at) WHERE (released_at IS NOT NULL);
CREATE INDEX mails_stopped_idx ON mails USING btree (state) WHERE (state in ('dead', 'uncertain', 'suppressed'));
CREATE INDEX mails_subscriber_idx ON mails USING btree (publication_id, subscriber_id, message);

create table received_mails (
  publication_id uuid not null,
  id uuid not null,
  recipient text not null,
  subject text not null,
  headers jsonb not null,
  text text not null,
  html text not null,
  at timestamptz not null,
  constraint received_mails_pkey PRIMARY KEY (publication_id, id)
);

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
  constraint webhooks_pkey PRIMARY KEY (publication_id, id),
  constraint webhooks_off_reason_check CHECK (off_reason in ('staff', 'gone', 'failing')),
  constraint webhooks_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
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
  people uuid[] not null,
  constraint webhook_deliveries_pkey PRIMARY KEY (publication_id, id),
  constraint webhook_deliveries_publication_id_webhook_id_event_key_key UNIQUE (publication_id, webhook_id, event_key),
  constraint webhook_deliveries_state_check CHECK (state in ('waiting', 'delivered', 'failed')),
  constraint webhook_deliveries_publication_id_webhook_id_fkey FOREIGN KEY (publication_id, webhook_id) REFERENCES webhooks(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_due_idx ON webhook_deliveries USING btree (publication_id, webhook_id, due_at) WHERE (state = 'waiting');
CREATE INDEX webhook_deliveries_failed_idx ON webhook_deliveries USING btree (state) WHERE (state = 'failed');
CREATE INDEX webhook_deliveries_people_idx ON webhook_deliveries USING gin (people);
CREATE INDEX webhook_deliveries_webhook_idx ON webhook_deliveries USING btree (publication_id, webhook_id, id);

create table imports (
  publication_id uuid not null,
  id uuid not null,
  state text not null,
  phase text not null,
  at_row integer not null,
  total integer not null,
  failed integer not null,
  consent text not null,
  columns jsonb not null,
  ignored_columns text[] not null,
  dry_run boolean not null,
  mail_past boolean not null,
  verdicts jsonb,
  attempts integer not null,
  error text,
  created_at timestamptz not null,
  finished_at timestamptz,
  constraint imports_pkey PRIMARY KEY (publication_id, id),
  constraint imports_phase_check CHECK (phase in ('sort', 'readers', 'referrers', 'referrals', 'counts', 'end')),
  constraint imports_state_check CHECK (state in ('waiting', 'running', 'done', 'failed')),
  constraint imports_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
);
CREATE INDEX imports_waiting_idx ON imports USING btree (created_at) WHERE (state in ('waiting', 'running'));

create table import_rows (
  publication_id uuid not null,
  import_id uuid not null,
  row_no integer not null,
  email text not null,
  email_key text,
  abuse_key text,
  first_name text,
  locale text,
  told_code text,
  share_code text,
  external_id text,
  attributes jsonb,
  referral_count integer,
  referred_by text,
  referred_by_key text,
  created_at timestamptz,
  confirmed_at timestamptz,
  alias boolean not null,
  verdict text,
  message text,
  constraint import_rows_pkey PRIMARY KEY (publication_id, import_id, row_no),
  constraint import_rows_publication_id_import_id_fkey FOREIGN KEY (publication_id, import_id) REFERENCES imports(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX import_rows_told_code_idx ON import_rows USING btree (publication_id, import_id, told_code) WHERE (told_code IS NOT NULL);

create table referral_adjustments (
  publication_id uuid not null,
  id uuid not null,
  participant_id uuid not null,
  season integer not null,
  delta integer not null,
  total integer,
  reason text not null,
  source text not null,
  at timestamptz not null,
  actor text not null,
  constraint referral_adjustments_pkey PRIMARY KEY (publication_id, id),
  constraint referral_adjustments_source_check CHECK (source in ('import', 'staff', 'floor')),
  constraint referral_adjustments_publication_id_participant_id_fkey FOREIGN KEY (publication_id, participant_id) REFERENCES participants(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX referral_adjustments_participant_idx ON referral_adjustments USING btree (publication_id, participant_id);

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
  constraint idempotency_keys_pkey PRIMARY KEY (publication_id, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys USING btree (created_at);

create table mail_limits (
  address bytea not null,
  recent timestamptz[] not null,
  latest timestamptz not null,
  constraint mail_limits_pkey PRIMARY KEY (address)
);
CREATE INDEX mail_limits_latest_idx ON mail_limits USING btree (latest);

create table network_limits (
  network bytea not null,
  ends_at timestamptz not null,
  count integer not null,
  constraint network_limits_pkey PRIMARY KEY (network)
);
CREATE INDEX network_limits_ends_at_idx ON network_limits USING btree (ends_at);

create table former_addresses (
  publication_id uuid not null,
  subscriber_id uuid not null,
  email text not null,
  email_key text not null,
  abuse_key text not null,
  confirmed boolean not null,
  constraint former_addresses_pkey PRIMARY KEY (publication_id, subscriber_id, email_key),
  constraint former_addresses_publication_id_subscriber_id_fkey FOREIGN KEY (publication_id, subscriber_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX former_addresses_abuse_key_idx ON former_addresses USING btree (publication_id, abuse_key) WHERE confirmed;

create table erased_addresses (
  publication_id uuid not null,
  hash bytea not null,
  confirmed boolean not null,
  constraint erased_addresses_pkey PRIMARY KEY (publication_id, hash),
  constraint erased_addresses_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
);

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
  constraint signup_signals_pkey PRIMARY KEY (publication_id, subscriber_id),
  constraint signup_signals_publication_id_referrer_id_fkey FOREIGN KEY (publication_id, referrer_id) REFERENCES participants(publication_id, id) ON DELETE CASCADE,
  constraint signup_signals_publication_id_subscriber_id_fkey FOREIGN KEY (publication_id, subscriber_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX signup_signals_domain_idx ON signup_signals USING btree (publication_id, domain, at) WHERE (domain IS NOT NULL);
CREATE INDEX signup_signals_ip_idx ON signup_signals USING btree (at) WHERE (ip IS NOT NULL);
CREATE INDEX signup_signals_network_idx ON signup_signals USING btree (publication_id, network, at) WHERE (network IS NOT NULL);
CREATE INDEX signup_signals_referrer_idx ON signup_signals USING btree (publication_id, referrer_id, at) WHERE (referrer_id IS NOT NULL);

create table fraud_list_entries (
  publication_id uuid not null,
  id uuid not null,
  list text not null,
  kind text not null,
  key text not null,
  value text,
  note text,
  created_at timestamptz not null,
  constraint fraud_list_entries_pkey PRIMARY KEY (publication_id, id),
  constraint fraud_list_entries_key UNIQUE (publication_id, kind, key, list),
  constraint fraud_list_entries_kind_check CHECK (kind in ('address', 'domain', 'network')),
  constraint fraud_list_entries_list_check CHECK (list in ('block', 'allow')),
  constraint fraud_list_entries_value_check CHECK (value IS NOT NULL OR kind = 'address'),
  constraint fraud_list_entries_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
);

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
  constraint referral_assessments_pkey PRIMARY KEY (publication_id, referral_id),
  constraint referral_assessments_level_check CHECK (level in ('flexible', 'strong', 'very_strong')),
  constraint referral_assessments_outcome_check CHECK (outcome in ('rejected', 'held', 'passed')),
  constraint referral_assessments_publication_id_referral_id_fkey FOREIGN KEY (publication_id, referral_id) REFERENCES referrals(publication_id, id) ON DELETE CASCADE,
  constraint referral_assessments_publication_id_referrer_id_fkey FOREIGN KEY (publication_id, referrer_id) REFERENCES participants(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX referral_assessments_referrer_idx ON referral_assessments USING btree (publication_id, referrer_id, at);

create table referral_clicks (
  publication_id uuid not null,
  referred_id uuid not null,
  "position" smallint not null,
  click_id uuid,
  clicked_at timestamptz,
  participant_id uuid not null,
  content_id uuid,
  channel text not null,
  model text not null,
  window_days integer not null,
  outcome text not null,
  signed_up_at timestamptz not null,
  constraint referral_clicks_pkey PRIMARY KEY (publication_id, referred_id, "position"),
  constraint referral_clicks_click_check CHECK ((click_id IS NULL) = (clicked_at IS NULL)),
  constraint referral_clicks_model_check CHECK (model in ('first', 'last')),
  constraint referral_clicks_outcome_check CHECK (outcome in ('won', 'out_of_window', 'later_than_first', 'earlier_than_last', 'other_model', 'code_only')),
  constraint referral_clicks_publication_id_content_id_fkey FOREIGN KEY (publication_id, content_id) REFERENCES contents(publication_id, id),
  constraint referral_clicks_publication_id_participant_id_fkey FOREIGN KEY (publication_id, participant_id) REFERENCES participants(publication_id, id) ON DELETE CASCADE,
  constraint referral_clicks_publication_id_referred_id_fkey FOREIGN KEY (publication_id, referred_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX referral_clicks_won_idx ON referral_clicks USING btree (publication_id, referred_id) WHERE (outcome = 'won');

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
  constraint audit_entries_pkey PRIMARY KEY (publication_id, id),
  constraint audit_entries_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
);
CREATE INDEX audit_entries_batch_idx ON audit_entries USING btree (publication_id, batch) WHERE (batch IS NOT NULL);
CREATE INDEX audit_entries_people_idx ON audit_entries USING gin (people);
CREATE INDEX audit_entries_subject_idx ON audit_entries USING btree (publication_id, subject_id);

create table referral_appeals (
  publication_id uuid not null,
  referral_id uuid not null,
  words text,
  at timestamptz not null,
  decided_at timestamptz,
  decision text,
  constraint referral_appeals_pkey PRIMARY KEY (publication_id, referral_id),
  constraint referral_appeals_decision_check CHECK ((decided_at IS NULL) = (decision IS NULL) AND (decision in ('approve', 'reject'))),
  constraint referral_appeals_publication_id_referral_id_fkey FOREIGN KEY (publication_id, referral_id) REFERENCES referrals(publication_id, id) ON DELETE CASCADE
);

create table inbound_events (
  publication_id uuid not null,
  id text not null,
  subscriber_id uuid not null,
  type text not null,
  at timestamptz not null,
  digest bytea not null,
  data jsonb not null,
  received_at timestamptz not null,
  constraint inbound_events_pkey PRIMARY KEY (publication_id, id),
  constraint inbound_events_publication_id_subscriber_id_fkey FOREIGN KEY (publication_id, subscriber_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX inbound_events_subscriber_idx ON inbound_events USING btree (publication_id, subscriber_id, type);

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
  constraint purchases_pkey PRIMARY KEY (publication_id, event_id),
  constraint purchases_money_check CHECK ((amount IS NULL) = (currency IS NULL)),
  constraint purchases_publication_id_event_id_fkey FOREIGN KEY (publication_id, event_id) REFERENCES inbound_events(publication_id, id) ON DELETE CASCADE,
  constraint purchases_publication_id_subscriber_id_fkey FOREIGN KEY (publication_id, subscriber_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX purchases_subscriber_idx ON purchases USING btree (publication_id, subscriber_id);

create table opinions (
  publication_id uuid not null,
  subscriber_id uuid not null,
  nps_score integer,
  nps_at timestamptz,
  reviewed_at timestamptz,
  constraint opinions_pkey PRIMARY KEY (publication_id, subscriber_id),
  constraint opinions_nps_check CHECK (nps_score >= 0 AND nps_score <= 10 AND (nps_score IS NULL) = (nps_at IS NULL)),
  constraint opinions_publication_id_subscriber_id_fkey FOREIGN KEY (publication_id, subscriber_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE
);

create table lead_marks (
  publication_id uuid not null,
  referral_id uuid not null,
  decision_maker boolean,
  fit boolean,
  need boolean,
  owner text,
  note text,
  changed_at timestamptz not null,
  constraint lead_marks_pkey PRIMARY KEY (publication_id, referral_id),
  constraint lead_marks_publication_id_referral_id_fkey FOREIGN KEY (publication_id, referral_id) REFERENCES referrals(publication_id, id) ON DELETE CASCADE
);

create table milestone_versions (
  publication_id uuid not null,
  milestone_id uuid not null,
  version integer not null,
  rule jsonb not null,
  actor text not null,
  at timestamptz not null,
  constraint milestone_versions_pkey PRIMARY KEY (publication_id, milestone_id, version),
  constraint milestone_versions_publication_id_milestone_id_fkey FOREIGN KEY (publication_id, milestone_id) REFERENCES milestones(publication_id, id) ON DELETE CASCADE
);

create table past_runs (
  publication_id uuid not null,
  id uuid not null,
  milestone_id uuid not null,
  milestone_version integer not null,
  state text not null,
  after_participant uuid,
  granted integer not null,
  capped integer not null,
  created_at timestamptz not null,
  finished_at timestamptz,
  constraint past_runs_pkey PRIMARY KEY (publication_id, id),
  constraint past_runs_publication_id_milestone_id_milestone_version_key UNIQUE (publication_id, milestone_id, milestone_version),
  constraint past_runs_state_check CHECK ((state in ('running', 'done', 'stopped')) AND (state = 'running') = (finished_at IS NULL)),
  constraint past_runs_publication_id_milestone_id_milestone_version_fkey FOREIGN KEY (publication_id, milestone_id, milestone_version) REFERENCES milestone_versions(publication_id, milestone_id, version) ON DELETE CASCADE
);
CREATE INDEX past_runs_running_idx ON past_runs USING btree (created_at) WHERE (state = 'running');

create table program_seasons (
  publication_id uuid not null,
  program_id uuid not null,
  season integer not null,
  actor text not null,
  started_at timestamptz not null,
  constraint program_seasons_pkey PRIMARY KEY (publication_id, program_id, season),
  constraint program_seasons_season_check CHECK (season >= 2),
  constraint program_seasons_publication_id_program_id_fkey FOREIGN KEY (publication_id, program_id) REFERENCES programs(publication_id, id) ON DELETE CASCADE
);

create table shipping_addresses (
  publication_id uuid not null,
  grant_id uuid not null,
  variant text,
  name text not null,
  country text not null,
  postcode text not null,
  region text,
  city text,
  line1 text not null,
  line2 text,
  phone text,
  given_at timestamptz not null,
  constraint shipping_addresses_pkey PRIMARY KEY (publication_id, grant_id),
  constraint shipping_addresses_publication_id_grant_id_fkey FOREIGN KEY (publication_id, grant_id) REFERENCES grants(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX shipping_addresses_given_idx ON shipping_addresses USING btree (given_at);

create table hand_ins (
  publication_id uuid not null,
  id uuid not null,
  participant_id uuid not null,
  email text,
  email_key text,
  abuse_key text,
  text_version text not null,
  handed_in_at timestamptz not null,
  subscriber_id uuid,
  confirmed_at timestamptz,
  constraint hand_ins_pkey PRIMARY KEY (publication_id, id),
  constraint hand_ins_publication_id_email_key_key UNIQUE (publication_id, email_key),
  constraint hand_ins_contact_check CHECK (
CASE
    WHEN confirmed_at IS NULL THEN num_nulls(email, email_key, abuse_key) = 0 AND subscriber_id IS NULL
    ELSE num_nonnulls(email, email_key, abuse_key) = 0 AND subscriber_id IS NOT NULL
END),
  constraint hand_ins_publication_id_participant_id_fkey FOREIGN KEY (publication_id, participant_id) REFERENCES participants(publication_id, id) ON DELETE CASCADE,
  constraint hand_ins_publication_id_subscriber_id_fkey FOREIGN KEY (publication_id, subscriber_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX hand_ins_participant_idx ON hand_ins USING btree (publication_id, participant_id);
CREATE INDEX hand_ins_subscriber_idx ON hand_ins USING btree (publication_id, subscriber_id);
CREATE INDEX hand_ins_waiting_idx ON hand_ins USING btree (handed_in_at) WHERE (confirmed_at IS NULL);

create table asked_addresses (
  publication_id uuid not null,
  hash bytea not null,
  hand_in uuid not null,
  declined boolean not null,
  asked_at timestamptz not null,
  constraint asked_addresses_pkey PRIMARY KEY (publication_id, hash),
  constraint asked_addresses_publication_id_hand_in_key UNIQUE (publication_id, hand_in),
  constraint asked_addresses_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
);

create table schedule_runs (
  publication_id uuid not null,
  schedule text not null,
  run_key text not null,
  ran_at timestamptz not null,
  constraint schedule_runs_pkey PRIMARY KEY (publication_id, schedule, run_key),
  constraint schedule_runs_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
);
CREATE INDEX schedule_runs_ran_idx ON schedule_runs USING btree (schedule, ran_at);

create table contests (
  publication_id uuid not null,
  id uuid not null,
  program_id uuid not null,
  name text not null,
  period text not null,
  stage text not null,
  approval text not null,
  round text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null,
  constraint contests_pkey PRIMARY KEY (publication_id, id),
  constraint contests_approval_check CHECK (approval in ('automated', 'manual')),
  constraint contests_period_check CHECK (period in ('month', 'days')),
  constraint contests_round_check CHECK (starts_at < ends_at),
  constraint contests_publication_id_program_id_fkey FOREIGN KEY (publication_id, program_id) REFERENCES programs(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX contests_due_idx ON contests USING btree (ends_at) WHERE (ended_at IS NULL);
CREATE INDEX contests_program_idx ON contests USING btree (publication_id, program_id);

create table contest_prizes (
  publication_id uuid not null,
  contest_id uuid not null,
  rank integer not null,
  reward_id uuid not null,
  constraint contest_prizes_pkey PRIMARY KEY (publication_id, contest_id, rank),
  constraint contest_prizes_rank_check CHECK (rank >= 1),
  constraint contest_prizes_publication_id_contest_id_fkey FOREIGN KEY (publication_id, contest_id) REFERENCES contests(publication_id, id) ON DELETE CASCADE,
  constraint contest_prizes_publication_id_reward_id_fkey FOREIGN KEY (publication_id, reward_id) REFERENCES rewards(publication_id, id)
);

create table contest_rounds (
  publication_id uuid not null,
  contest_id uuid not null,
  round text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  closed_at timestamptz not null,
  constraint contest_rounds_pkey PRIMARY KEY (publication_id, contest_id, round),
  constraint contest_rounds_publication_id_contest_id_fkey FOREIGN KEY (publication_id, contest_id) REFERENCES contests(publication_id, id) ON DELETE CASCADE
);

create table contest_results (
  publication_id uuid not null,
  contest_id uuid not null,
  round text not null,
  rank integer not null,
  subscriber_id uuid not null,
  count integer not null,
  reached_at timestamptz not null,
  grant_id uuid,
  constraint contest_results_pkey PRIMARY KEY (publication_id, contest_id, round, rank),
  constraint contest_results_publication_id_contest_id_round_fkey FOREIGN KEY (publication_id, contest_id, round) REFERENCES contest_rounds(publication_id, contest_id, round) ON DELETE CASCADE,
  constraint contest_results_publication_id_grant_id_fkey FOREIGN KEY (publication_id, grant_id) REFERENCES grants(publication_id, id),
  constraint contest_results_publication_id_subscriber_id_fkey FOREIGN KEY (publication_id, subscriber_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX contest_results_subscriber_idx ON contest_results USING btree (publication_id, subscriber_id);

create table raffles (
  publication_id uuid not null,
  id uuid not null,
  program_id uuid not null,
  name text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  entry_reward_id uuid,
  approval text not null,
  seed text not null,
  commitment text not null,
  drawn_at timestamptz,
  list_hash text,
  entry_count integer,
  created_at timestamptz not null,
  cancelled_at timestamptz,
  constraint raffles_pkey PRIMARY KEY (publication_id, id),
  constraint raffles_approval_check CHECK (approval in ('automated', 'manual')),
  constraint raffles_cancelled_check CHECK (cancelled_at IS NULL OR drawn_at IS NULL),
  constraint raffles_drawn_check CHECK ((drawn_at IS NULL) = (list_hash IS NULL) AND (drawn_at IS NULL) = (entry_count IS NULL)),
  constraint raffles_period_check CHECK (created_at < starts_at AND starts_at < ends_at),
  constraint raffles_publication_id_entry_reward_id_fkey FOREIGN KEY (publication_id, entry_reward_id) REFERENCES rewards(publication_id, id),
  constraint raffles_publication_id_program_id_fkey FOREIGN KEY (publication_id, program_id) REFERENCES programs(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX raffles_due_idx ON raffles USING btree (ends_at) WHERE ((drawn_at IS NULL) AND (cancelled_at IS NULL));
CREATE INDEX raffles_page_idx ON raffles USING btree (id);
CREATE INDEX raffles_program_idx ON raffles USING btree (publication_id, program_id);

create table raffle_prizes (
  publication_id uuid not null,
  raffle_id uuid not null,
  "position" integer not null,
  reward_id uuid not null,
  count integer not null,
  constraint raffle_prizes_pkey PRIMARY KEY (publication_id, raffle_id, "position"),
  constraint raffle_prizes_count_check CHECK (count >= 1),
  constraint raffle_prizes_publication_id_raffle_id_fkey FOREIGN KEY (publication_id, raffle_id) REFERENCES raffles(publication_id, id) ON DELETE CASCADE,
  constraint raffle_prizes_publication_id_reward_id_fkey FOREIGN KEY (publication_id, reward_id) REFERENCES rewards(publication_id, id)
);

create table raffle_entries (
  publication_id uuid not null,
  raffle_id uuid not null,
  "position" integer not null,
  entry text not null,
  person text not null,
  subscriber_id uuid not null,
  referral_id uuid,
  constraint raffle_entries_pkey PRIMARY KEY (publication_id, raffle_id, "position"),
  constraint raffle_entries_publication_id_raffle_id_fkey FOREIGN KEY (publication_id, raffle_id) REFERENCES raffles(publication_id, id) ON DELETE CASCADE,
  constraint raffle_entries_publication_id_referral_id_fkey FOREIGN KEY (publication_id, referral_id) REFERENCES referrals(publication_id, id),
  constraint raffle_entries_publication_id_subscriber_id_fkey FOREIGN KEY (publication_id, subscriber_id) REFERENCES subscribers(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX raffle_entries_referral_idx ON raffle_entries USING btree (publication_id, referral_id);
CREATE INDEX raffle_entries_subscriber_idx ON raffle_entries USING btree (publication_id, subscriber_id);

create table raffle_winners (
  publication_id uuid not null,
  raffle_id uuid not null,
  number integer not null,
  "position" integer not null,
  grant_id uuid not null,
  constraint raffle_winners_pkey PRIMARY KEY (publication_id, raffle_id, number),
  constraint raffle_winners_entry_key UNIQUE (publication_id, raffle_id, "position"),
  constraint raffle_winners_publication_id_grant_id_fkey FOREIGN KEY (publication_id, grant_id) REFERENCES grants(publication_id, id),
  constraint raffle_winners_publication_id_raffle_id_position_fkey FOREIGN KEY (publication_id, raffle_id, "position") REFERENCES raffle_entries(publication_id, raffle_id, "position") ON DELETE CASCADE
);

create table shares (
  publication_id uuid not null,
  participant_id uuid not null,
  press text not null,
  content_id uuid,
  channel text not null,
  at timestamptz not null,
  constraint shares_pkey PRIMARY KEY (publication_id, participant_id, press),
  constraint shares_publication_id_content_id_fkey FOREIGN KEY (publication_id, content_id) REFERENCES contents(publication_id, id),
  constraint shares_publication_id_participant_id_fkey FOREIGN KEY (publication_id, participant_id) REFERENCES participants(publication_id, id) ON DELETE CASCADE
);
CREATE INDEX shares_at_idx ON shares USING btree (publication_id, at);

create table mail_template_versions (
  publication_id uuid not null,
  id uuid not null,
  message text not null,
  locale text not null,
  version integer not null,
  texts jsonb,
  actor text not null,
  created_at timestamptz not null,
  constraint mail_template_versions_pkey PRIMARY KEY (publication_id, id),
  constraint mail_template_versions_version_key UNIQUE (publication_id, message, locale, version),
  constraint mail_template_versions_locale_check CHECK (locale in ('en', 'ja')),
  constraint mail_template_versions_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
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
  hour timestamptz not null,
  constraint clicks_pkey PRIMARY KEY (publication_id, id, hour),
  constraint clicks_class_check CHECK (class in ('human', 'bot', 'prefetch', 'repeat', 'self'))
) partition by RANGE (hour);
CREATE INDEX clicks_at_idx ON clicks USING btree (publication_id, at) WHERE (class = 'human');
CREATE UNIQUE INDEX clicks_counted_idx ON clicks USING btree (publication_id, visit_key, hour) WHERE (class = 'human');

create table accounts (
  id uuid not null,
  email text not null,
  email_key text not null,
  name text not null,
  password_hash text,
  locale text not null,
  operator boolean not null,
  created_at timestamptz not null,
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_email_key_key UNIQUE (email_key),
  constraint accounts_locale_check CHECK (locale in ('en', 'ja'))
);

create table memberships (
  publication_id uuid not null,
  account_id uuid not null,
  role text not null,
  created_at timestamptz not null,
  constraint memberships_pkey PRIMARY KEY (publication_id, account_id),
  constraint memberships_role_check CHECK (role in ('admin', 'editor', 'marketing')),
  constraint memberships_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint memberships_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
);
CREATE INDEX memberships_account_idx ON memberships USING btree (account_id);

create table staff_sessions (
  token_hash bytea not null,
  account_id uuid not null,
  browser text not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  constraint staff_sessions_pkey PRIMARY KEY (token_hash),
  constraint staff_sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX staff_sessions_account_idx ON staff_sessions USING btree (account_id);
CREATE INDEX staff_sessions_expires_at_idx ON staff_sessions USING btree (expires_at);

create table staff_links (
  id uuid not null,
  purpose text not null,
  email text,
  email_key text,
  account_id uuid,
  publication_id uuid,
  role text,
  invited_by uuid,
  created_at timestamptz not null,
  expires_at timestamptz,
  used_at timestamptz,
  constraint staff_links_pkey PRIMARY KEY (id),
  constraint staff_links_purpose_check CHECK (purpose in ('first', 'invitation', 'sign_in')),
  constraint staff_links_role_check CHECK (role in ('operator', 'admin', 'editor', 'marketing')),
  constraint staff_links_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint staff_links_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES accounts(id) ON DELETE SET NULL,
  constraint staff_links_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES publications(id) ON DELETE CASCADE
);
CREATE INDEX staff_links_expires_at_idx ON staff_links USING btree (expires_at);
CREATE UNIQUE INDEX staff_links_first_idx ON staff_links USING btree (purpose) WHERE (purpose = 'first');
CREATE UNIQUE INDEX staff_links_invitation_idx ON staff_links USING btree (publication_id, email_key) WHERE ((purpose = 'invitation') AND (used_at IS NULL));
