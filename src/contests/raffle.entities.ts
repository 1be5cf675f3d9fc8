import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A draw among those who brought friends in a period. */
@Entity('raffles')
@Check('raffles_approval_check', `approval in ('automated', 'manual')`)
@Check('raffles_period_check', `created_at < starts_at and starts_at < ends_at`)
@Check('raffles_drawn_check', `(drawn_at is null) = (list_hash is null) and (drawn_at is null) = (entry_count is null)`)
@Check('raffles_cancelled_check', `cancelled_at is null or drawn_at is null`)
@ForeignKey('Program', ['publicationId', 'programId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Reward', ['publicationId', 'entryRewardId'], ['publicationId', 'id'])
@Index('raffles_program_idx', ['publicationId', 'programId'])
@Index('raffles_page_idx', ['id'])
@Index('raffles_due_idx', ['endsAt'], { where: `drawn_at is null and cancelled_at is null` })
export class Raffle {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') programId: string;
  @Column('text') name: string;
  @Column('timestamptz') startsAt: Date;
  /** Not in it. */
  @Column('timestamptz') endsAt: Date;
  /** A grant of it is an entry; null: a verified referral is. */
  @Column('uuid', { nullable: true }) entryRewardId: string | null;
  @Column('text') approval: 'automated' | 'manual';
  /** 32 bytes in hex. Told to nobody before the draw. */
  @Column('text') seed: string;
  @Column('text') commitment: string;
  @Column('timestamptz', { nullable: true }) drawnAt: Date | null;
  @Column('text', { nullable: true }) listHash: string | null;
  @Column('integer', { nullable: true }) entryCount: number | null;
  @Column('timestamptz') createdAt: Date;
  /** It is not drawn: nobody wins. */
  @Column('timestamptz', { nullable: true }) cancelledAt: Date | null;
}

/** So many of a reward, drawn in the order of the positions. */
@Entity('raffle_prizes')
@Check('raffle_prizes_count_check', `count >= 1`)
@ForeignKey('Raffle', ['publicationId', 'raffleId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Reward', ['publicationId', 'rewardId'], ['publicationId', 'id'])
export class RafflePrize {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') raffleId: string;
  @PrimaryColumn('integer') position: number;
  @Column('uuid') rewardId: string;
  @Column('integer') count: number;
}

/** An entry of the list from which was drawn. Append-only. */
@Entity('raffle_entries')
@ForeignKey('Raffle', ['publicationId', 'raffleId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Referral', ['publicationId', 'referralId'], ['publicationId', 'id'])
@Index('raffle_entries_subscriber_idx', ['publicationId', 'subscriberId'])
@Index('raffle_entries_referral_idx', ['publicationId', 'referralId'])
export class RaffleEntry {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') raffleId: string;
  @PrimaryColumn('integer') position: number;
  @Column('text') entry: string;
  @Column('text') person: string;
  @Column('uuid') subscriberId: string;
  /** What the entry is for; null of a grant that is for none. */
  @Column('uuid', { nullable: true }) referralId: string | null;
}

/** An entry that won. Append-only. */
@Entity('raffle_winners')
@Unique('raffle_winners_entry_key', ['publicationId', 'raffleId', 'position'])
@ForeignKey('RaffleEntry', ['publicationId', 'raffleId', 'position'], ['publicationId', 'raffleId', 'position'], {
  onDelete: 'CASCADE',
})
@ForeignKey('Grant', ['publicationId', 'grantId'], ['publicationId', 'id'])
export class RaffleWinner {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') raffleId: string;
  /** In the order of drawing. */
  @PrimaryColumn('integer') number: number;
  @Column('integer') position: number;
  @Column('uuid') grantId: string;
}
