import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Reason } from '../domain/fraud.js';
import type { HeldFor, ReferralState } from '../domain/referral.js';

/** The tie between a referring participant (`referrerId`) and one referred subscriber (`referredId`). It copies what it needs of the click. */
@Entity('referrals')
@Unique(['publicationId', 'referredId'])
@Check('referrals_state_check', `state in ('pending', 'held', 'verified', 'rejected', 'expired', 'reversed')`)
@Check(
  'referrals_held_for_check',
  `(state = 'held') = (held_for is not null) and held_for in ('delay', 'engagement', 'review')`,
)
@Check('referrals_verified_at_check', `state <> 'verified' or verified_at is not null`)
@ForeignKey('Program', ['publicationId', 'programId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Participant', ['publicationId', 'referrerId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Subscriber', ['publicationId', 'referredId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Content', ['publicationId', 'contentId'], ['publicationId', 'id'])
@Index('referrals_referrer_idx', ['publicationId', 'referrerId', 'id'])
@Index('referrals_created_idx', ['publicationId', 'createdAt'])
@Index('referrals_changed_idx', ['publicationId', 'changedIn', 'id'])
@Index('referrals_verified_idx', ['publicationId', 'verifiedAt'], { where: `state = 'verified'` })
@Index('referrals_waiting_idx', ['createdAt'], { where: `state = 'pending'` })
@Index('referrals_engagement_idx', ['publicationId', 'id'], { where: `state = 'held' and held_for = 'engagement'` })
@Index('referrals_review_idx', ['publicationId', 'id'], { where: `state = 'held' and held_for = 'review'` })
@Index('referrals_clock_idx', ['publicationId', 'id'], { where: `state = 'held' and held_for <> 'review'` })
@Index('referrals_review_ends_idx', ['heldUntil'], {
  where: `state = 'held' and held_for = 'review' and held_until is not null`,
})
@Index('referrals_held_idx', ['heldUntil'], { where: `state = 'held' and held_for = 'delay'` })
export class Referral {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') programId: string;
  @Column('uuid') referrerId: string;
  @Column('uuid') referredId: string;
  @Column('text') state: ReferralState;
  @Column('text', { nullable: true }) heldFor: HeldFor | null;
  @Column('timestamptz', { nullable: true }) heldUntil: Date | null;
  @Column('jsonb') reasons: Reason[];
  @Column('uuid', { nullable: true }) clickId: string | null;
  @Column('timestamptz', { nullable: true }) clickedAt: Date | null;
  @Column('uuid', { nullable: true }) contentId: string | null;
  @Column('text') channel: string;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) confirmedAt: Date | null;
  @Column('timestamptz', { nullable: true }) verifiedAt: Date | null;
  /** When the friend first clicked in a mail, as a person; kept in whatever hold the referral was. */
  @Column('timestamptz', { nullable: true }) engagedAt: Date | null;
  /** The transaction that changed last what is told of it as a lead. Triggers write it, the lead feed reads it. */
  @Column('bigint', { default: () => 'this_transaction()', select: false })
  readonly changedIn?: string;
}

/** Every change of a referral's state. Append-only; states and counts are a cache of it. */
@Entity('referral_events')
@ForeignKey('Referral', ['publicationId', 'referralId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('referral_events_referral_idx', ['publicationId', 'referralId'])
@Index('referral_events_decisions_idx', ['publicationId', 'id'], {
  where: `actor = 'operator' or actor like 'key:%' or actor like 'account:%'`,
})
export class ReferralEvent {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') referralId: string;
  @Column('text', { nullable: true }) fromState: ReferralState | null;
  @Column('text') toState: ReferralState;
  @Column('text', { nullable: true }) heldFor: HeldFor | null;
  @Column('jsonb') reasons: Reason[];
  @Column('text') actor: string;
  @Column('timestamptz') at: Date;
}

/** The stages that a referral has reached, as facts: they count only while it is verified. `verified` itself is there only then. */
@Entity('referral_stages')
@ForeignKey('Referral', ['publicationId', 'referralId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
export class ReferralStage {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') referralId: string;
  @PrimaryColumn('text') stage: string;
  @Column('timestamptz') at: Date;
  /** The season in whose count it is; null while it is in none. A reversal takes it out of that one, whenever it comes. */
  @Column('integer', { nullable: true }) season: number | null;
}

/** How many referrals of a participant are at a stage in a season: the cache that milestones are measured by. */
@Entity('stage_counts')
@Check('stage_counts_count_check', `count >= 0`)
@ForeignKey('Participant', ['publicationId', 'participantId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
export class StageCount {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') participantId: string;
  @PrimaryColumn('text') stage: string;
  @PrimaryColumn('integer') season: number;
  @Column('integer') count: number;
  @Column('timestamptz', { default: () => 'now()' }) changedAt: Date;
}

/**
 * Referrals that count although no referral of ours stands behind them, as facts: earned elsewhere before an import. Append-only.
 * `stage_counts` includes them; the funnel, contests and raffles do not know them.
 */
@Entity('referral_adjustments')
@Check('referral_adjustments_source_check', `source in ('import', 'staff', 'floor')`)
@ForeignKey('Participant', ['publicationId', 'participantId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('referral_adjustments_participant_idx', ['publicationId', 'participantId'])
export class ReferralAdjustment {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') participantId: string;
  @Column('integer') season: number;
  /** What it adds to the count; may be less than nothing, or nothing where only the total is to be remembered. */
  @Column('integer') delta: number;
  /** The total that the source told. */
  @Column('integer', { nullable: true }) total: number | null;
  @Column('text') reason: string;
  /** `floor`: made by nobody, where a count would have fallen below zero. */
  @Column('text') source: 'import' | 'staff' | 'floor';
  @Column('text') actor: string;
  @Column('timestamptz') at: Date;
}
