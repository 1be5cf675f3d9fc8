import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import type { Publication } from '../publications/publication.entities.js';

const CHUNK = 64 * 1024;

/** Tables that are a publication's own, in an order in which rows come after those that they refer to, without the columns named. */
export const EXPORTED: Readonly<Record<string, readonly string[]>> = {
  programs: [],
  program_seasons: [],
  contents: [],
  rewards: [],
  coupon_codes: [],
  milestones: [],
  milestone_versions: [],
  contests: [],
  contest_prizes: [],
  contest_rounds: [],
  raffles: [],
  raffle_prizes: [],
  subscribers: [],
  former_addresses: [],
  consents: [],
  participants: [],
  share_codes: [],
  hand_ins: [],
  inbound_events: [],
  purchases: [],
  opinions: [],
  // Which visitor somebody was is a hash with a key of this instance.
  clicks: ['visitor', 'visit_key'],
  shares: [],
  referrals: [],
  referral_clicks: [],
  referral_events: [],
  referral_stages: [],
  referral_assessments: [],
  referral_appeals: [],
  referral_adjustments: [],
  stage_counts: [],
  lead_marks: [],
  grants: [],
  shipping_addresses: [],
  ledger_entries: [],
  contest_results: [],
  raffle_entries: [],
  raffle_winners: [],
  // The data of a mail holds what its links are made of.
  mails: ['data'],
  mail_template_versions: [],
  fraud_list_entries: [],
  webhooks: ['secret', 'previous_secret'],
  imports: [],
  audit_entries: [],
};

/** Tables of a publication that are not exported, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  api_keys: 'hashes of secrets',
  memberships: 'accounts belong to the instance',
  staff_links: 'accounts belong to the instance',
  signup_signals: 'addresses of browsers, which are kept for the days of the fraud checks only',
  erased_addresses: 'hashes with a key of this instance',
  asked_addresses: 'hashes with a key of this instance',
  received_mails: 'the mailbox of a demo',
  webhook_deliveries: 'copies of what the other tables hold',
  import_rows: 'copies of files that somebody has',
  idempotency_keys: 'bookkeeping',
  schedule_runs: 'bookkeeping',
  past_runs: 'bookkeeping',
};

/** All that a publication has, as lines of JSON that another program can read: whoever leaves takes it along. */
@Injectable()
export class ExportPublication {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** `{"table": …, "row": {…}}` a line, columns as in docs/generated/schema.sql, all of one moment; the first line is the publication. */
  async *lines(publication: Publication): AsyncGenerator<string> {
    const { id } = publication;
    const reads = Object.entries(EXPORTED).map(([name, without]) => ({
      name,
      // The seed of a raffle is a secret until it is drawn.
      sql: `select to_jsonb(t) - $2::text[] - case when to_jsonb(t) ? 'seed' and to_jsonb(t) -> 'drawn_at' = 'null' then 'seed' else '' end as line
            from ${name} t where publication_id = $1`,
      parameters: [id, without],
    }));
    let text = `${JSON.stringify({ exportedAt: this.clock.now(), publication })}\n`;
    for await (const { name, row } of this.database.streamTogether<{ line: object }>(reads)) {
      text += `${JSON.stringify({ table: name, row: row.line })}\n`;
      if (text.length < CHUNK) continue;
      yield text;
      text = '';
    }
    yield text;
  }
}
