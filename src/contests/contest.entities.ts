import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Who brings most friends in a month, every month, or within some days. The running round stands in it. */
@Entity('contests')
@Check('contests_period_check', `period in ('month', 'days')`)
@Check('contests_approval_check', `approval in ('automated', 'manual')`)
@Check('contests_round_check', `starts_at < ends_at`)
@ForeignKey('Program', ['publicationId', 'programId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('contests_program_idx', ['publicationId', 'programId'])
@Index('contests_due_idx', ['endsAt'], { where: `ended_at is null` })
export class Contest {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') programId: string;
  @Column('text') name: string;
  @Column('text') period: 'month' | 'days';
  @Column('text') stage: string;
  @Column('text') approval: 'automated' | 'manual';
  /** The running round, or the last. */
  @Column('text') round: string;
  @Column('timestamptz') startsAt: Date;
  /** Not in it. */
  @Column('timestamptz') endsAt: Date;
  /** Since when no round follows. */
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
  @Column('timestamptz') createdAt: Date;
}

/** What a rank wins. */
@Entity('contest_prizes')
@Check('contest_prizes_rank_check', `rank >= 1`)
@ForeignKey('Contest', ['publicationId', 'contestId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Reward', ['publicationId', 'rewardId'], ['publicationId', 'id'])
export class ContestPrize {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') contestId: string;
  @PrimaryColumn('integer') rank: number;
  @Column('uuid') rewardId: string;
}

/** A round that was closed. Append-only. */
@Entity('contest_rounds')
@ForeignKey('Contest', ['publicationId', 'contestId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
export class ContestRound {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') contestId: string;
  @PrimaryColumn('text') round: string;
  @Column('timestamptz') startsAt: Date;
  @Column('timestamptz') endsAt: Date;
  @Column('timestamptz') closedAt: Date;
}

/** Who came where in a round. Append-only: a later reversal does not rewrite who won. */
@Entity('contest_results')
@ForeignKey('ContestRound', ['publicationId', 'contestId', 'round'], ['publicationId', 'contestId', 'round'], {
  onDelete: 'CASCADE',
})
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Grant', ['publicationId', 'grantId'], ['publicationId', 'id'])
@Index('contest_results_subscriber_idx', ['publicationId', 'subscriberId'])
export class ContestResult {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') contestId: string;
  @PrimaryColumn('text') round: string;
  @PrimaryColumn('integer') rank: number;
  @Column('uuid') subscriberId: string;
  @Column('integer') count: number;
  /** When the last of these referrals came; of two with as many, who had theirs first is before. */
  @Column('timestamptz') reachedAt: Date;
  /** Null where the rank has no prize. */
  @Column('uuid', { nullable: true }) grantId: string | null;
}
