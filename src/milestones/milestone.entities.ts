import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Audience } from '../domain/audience.js';
import type { Cap } from '../domain/caps.js';

/** A rule: so many referrals at a stage earn a reward. */
@Entity('milestones')
@Check('milestones_threshold_check', `threshold >= 1`)
@Check('milestones_every_check', `every >= 1`)
@Check('milestones_recipient_check', `recipient = 'referrer' or (recipient = 'referred' and threshold = 1)`)
@Check('milestones_approval_check', `approval in ('automated', 'semi_manual', 'manual')`)
@Check('milestones_hold_days_check', `hold_days between 0 and 365`)
@Check('milestones_cap_check', `(cap ->> 'count')::int >= 1 and cap ->> 'per' in ('month', 'year', 'ever')`)
@Check('milestones_past_check', `past in ('grant', 'ignore')`)
@ForeignKey('Program', ['publicationId', 'programId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Reward', ['publicationId', 'rewardId'], ['publicationId', 'id'])
@Index('milestones_program_idx', ['publicationId', 'programId'], { where: `archived_at is null` })
export class Milestone {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') programId: string;
  @Column('text') name: string;
  @Column('text') stage: string;
  @Column('integer') threshold: number;
  @Column('integer', { nullable: true }) every: number | null;
  @Column('text') recipient: 'referrer' | 'referred';
  @Column('uuid') rewardId: string;
  @Column('text') approval: 'automated' | 'semi_manual' | 'manual';
  @Column('integer') holdDays: number;
  /** For one person; null: as often as it is crossed. */
  @Column('jsonb', { nullable: true }) cap: Cap | null;
  /** Null: everybody. */
  @Column('jsonb', { nullable: true }) audience: Audience | null;
  /** What was to happen, when this version began, to those who were past it. */
  @Column('text') past: 'grant' | 'ignore';
  /** 1, and one more with each change; the rule of each is kept. */
  @Column('integer') version: number;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') changedAt: Date;
  @Column('timestamptz', { nullable: true }) archivedAt: Date | null;
}

/** What an editor says of a milestone, and a version of it keeps. */
export type MilestoneBody = Pick<
  Milestone,
  | 'name'
  | 'stage'
  | 'threshold'
  | 'every'
  | 'recipient'
  | 'rewardId'
  | 'approval'
  | 'holdDays'
  | 'cap'
  | 'audience'
  | 'past'
>;

/** One reward given to one person by one milestone on one occurrence. The unique key is what makes it once. */
@Entity('grants')
@Unique('grants_once_key', ['publicationId', 'milestoneId', 'subscriberId', 'occurrence'])
@Check(
  'grants_status_check',
  `status in ('awaiting_approval', 'awaiting_claim', 'due', 'sent', 'fulfilled', 'revoked', 'capped', 'out_of_stock')`,
)
@Check('grants_sent_at_check', `status not in ('sent') or sent_at is not null`)
@Check('grants_reached_month_check', `reached_month ~ '^[0-9]{4}-[0-9]{2}$'`)
@ForeignKey('Milestone', ['publicationId', 'milestoneId'], ['publicationId', 'id'])
@ForeignKey(
  'MilestoneVersion',
  ['publicationId', 'milestoneId', 'milestoneVersion'],
  ['publicationId', 'milestoneId', 'version'],
)
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Reward', ['publicationId', 'rewardId'], ['publicationId', 'id'])
@ForeignKey('Referral', ['publicationId', 'referralId'], ['publicationId', 'id'])
@Index('grants_subscriber_idx', ['publicationId', 'subscriberId'])
@Index('grants_due_idx', ['dueAt'], { where: `status = 'due'` })
@Index('grants_waiting_idx', ['publicationId', 'rewardId', 'createdAt'], { where: `status = 'out_of_stock'` })
export class Grant {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') milestoneId: string;
  @Column('uuid') subscriberId: string;
  @Column('text') occurrence: string;
  @Column('uuid') rewardId: string;
  @Column('uuid', { nullable: true }) referralId: string | null;
  @Column('integer', { nullable: true }) count: number | null;
  @Column('text') status:
    'awaiting_approval' | 'awaiting_claim' | 'due' | 'sent' | 'fulfilled' | 'revoked' | 'capped' | 'out_of_stock';
  @Column('text', { nullable: true }) reason: string | null;
  /** The version of the milestone that it was granted by. */
  @Column('integer') milestoneVersion: number;
  @Column('integer') season: number;
  /** When the count came to the milestone, or the referral to the stage. */
  @Column('timestamptz') reachedAt: Date;
  /** Its calendar month in the publication's zone, `2026-11`, by which caps count; null where nobody knows (import). */
  @Column('text', { nullable: true }) reachedMonth: string | null;
  @Column('timestamptz') dueAt: Date;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) sentAt: Date | null;
  /** Since when what it was given for is not there any more, though it had been sent. */
  @Column('timestamptz', { nullable: true }) flaggedAt: Date | null;
}

/** What a grant gave or took back. Append-only. */
@Entity('ledger_entries')
@Check('ledger_entries_act_check', `act in ('given', 'taken_back')`)
@ForeignKey('Grant', ['publicationId', 'grantId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('ledger_entries_grant_idx', ['publicationId', 'grantId'])
export class LedgerEntry {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') grantId: string;
  @Column('uuid') subscriberId: string;
  @Column('text') act: 'given' | 'taken_back';
  @Column('text') unit: string;
  @Column('bigint') quantity: string;
  @Column('timestamptz') at: Date;
}
