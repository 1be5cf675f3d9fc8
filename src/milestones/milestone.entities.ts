import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Unit } from '../domain/rewards.js';
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

/**
 * One reward given to one person by one milestone on one occurrence, or a prize that they won. The unique keys are what makes it once;
 * a prize is given once, whoever won it.
 */
@Entity('grants')
@Unique('grants_once_key', ['publicationId', 'milestoneId', 'subscriberId', 'occurrence'])
@Unique('grants_contest_key', ['publicationId', 'contestId', 'occurrence'])
@Unique('grants_raffle_key', ['publicationId', 'raffleId', 'occurrence'])
@Check(
  'grants_for_check',
  `num_nonnulls(milestone_id, contest_id, raffle_id) = 1 and (milestone_id is null) = (milestone_version is null)`,
)
@Check(
  'grants_status_check',
  `status in ('awaiting_approval', 'awaiting_claim', 'due', 'sent', 'fulfilled', 'revoked', 'capped', 'out_of_stock')`,
)
@Check('grants_sent_at_check', `status not in ('sent') or sent_at is not null`)
@Check('grants_value_check', `(value_amount is null) = (value_currency is null)`)
@Check('grants_ceiling_check', `(ceiling is null) = (ceiling_per is null) and ceiling_per in ('month', 'year', 'ever')`)
@Check('grants_reached_month_check', `reached_month ~ '^[0-9]{4}-[0-9]{2}$'`)
@ForeignKey('Milestone', ['publicationId', 'milestoneId'], ['publicationId', 'id'])
@ForeignKey(
  'MilestoneVersion',
  ['publicationId', 'milestoneId', 'milestoneVersion'],
  ['publicationId', 'milestoneId', 'version'],
)
@ForeignKey('Contest', ['publicationId', 'contestId'], ['publicationId', 'id'])
@ForeignKey('Raffle', ['publicationId', 'raffleId'], ['publicationId', 'id'])
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Reward', ['publicationId', 'rewardId'], ['publicationId', 'id'])
@ForeignKey('Referral', ['publicationId', 'referralId'], ['publicationId', 'id'])
@Index('grants_subscriber_idx', ['publicationId', 'subscriberId'])
@Index('grants_due_idx', ['dueAt'], { where: `status = 'due'` })
@Index('grants_to_ask_idx', ['dueAt'], { where: `status = 'awaiting_claim' and asked_at is null` })
@Index('grants_waiting_idx', ['publicationId', 'rewardId', 'createdAt'], { where: `status = 'out_of_stock'` })
export class Grant {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  /** Null of a prize, which is for a contest or a raffle. */
  @Column('uuid', { nullable: true }) milestoneId: string | null;
  @Column('uuid', { nullable: true }) contestId: string | null;
  @Column('uuid', { nullable: true }) raffleId: string | null;
  @Column('uuid') subscriberId: string;
  @Column('text') occurrence: string;
  @Column('uuid') rewardId: string;
  @Column('uuid', { nullable: true }) referralId: string | null;
  @Column('integer', { nullable: true }) count: number | null;
  @Column('text') status:
    'awaiting_approval' | 'awaiting_claim' | 'due' | 'sent' | 'fulfilled' | 'revoked' | 'capped' | 'out_of_stock';
  @Column('text', { nullable: true }) reason: string | null;
  /** The version of the milestone that it was granted by. */
  @Column('integer', { nullable: true }) milestoneVersion: number | null;
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

  // What it is worth, written down when it was owed: a change of the reward does not change it.
  /** Minor units. */
  @Column('bigint', { nullable: true }) valueAmount: string | null;
  @Column('text', { nullable: true }) valueCurrency: string | null;
  @Column('integer', { nullable: true }) percent: number | null;
  /** Whose account it is for; null: the person's own. */
  @Column('text', { nullable: true }) company: string | null;
  /** At most so much of it, percent or minor units, can be used in one `ceilingPer`. */
  @Column('bigint', { nullable: true }) ceiling: string | null;
  @Column('text', { nullable: true }) ceilingPer: 'month' | 'year' | 'ever' | null;
  /** Since when the person is asked where to send it. */
  @Column('timestamptz', { nullable: true }) askedAt: Date | null;
  /** Null of one that was handed over before it was known here (import). */
  @Column('timestamptz', { nullable: true }) fulfilledAt: Date | null;
}

/**
 * What a grant gave or took back. Append-only: a trigger refuses everything but new rows. The entries of a grant take turns, given
 * and taken back, so that it is never given twice and no balance falls below zero.
 */
@Entity('ledger_entries')
@Unique('ledger_entries_turn_key', ['publicationId', 'grantId', 'turn'])
@Check('ledger_entries_act_check', `act in ('given', 'taken_back')`)
@Check(
  'ledger_entries_turn_check',
  `turn >= 1 and (act = 'given') = (turn % 2 = 1) and (case when act = 'given' then quantity > 0 else quantity < 0 end)`,
)
@Check(
  'ledger_entries_unit_check',
  `unit in ('money', 'percent', 'month', 'piece') and (unit = 'money') = (currency is not null)`,
)
@ForeignKey('Grant', ['publicationId', 'grantId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('ledger_entries_subscriber_idx', ['publicationId', 'subscriberId'])
export class LedgerEntry {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') grantId: string;
  @Column('uuid') subscriberId: string;
  @Column('text') act: 'given' | 'taken_back';
  @Column('text') unit: Unit;
  /** Below zero where it was taken back; of money in minor units. */
  @Column('bigint') quantity: string;
  @Column('text', { nullable: true }) currency: string | null;
  @Column('integer') turn: number;
  @Column('timestamptz') at: Date;
}
