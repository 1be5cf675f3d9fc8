import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A referrer asked that a person looks at a rejected referral again. Once for each referral, so its id is the key. */
@Entity('referral_appeals')
@Check(
  'referral_appeals_decision_check',
  `(decided_at is null) = (decision is null) and decision in ('approve', 'reject')`,
)
@ForeignKey('Referral', ['publicationId', 'referralId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
export class ReferralAppeal {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') referralId: string;
  /** What the reader wrote; emptied when one of the two people is erased. */
  @Column('text', { nullable: true }) words: string | null;
  @Column('timestamptz') at: Date;
  @Column('timestamptz', { nullable: true }) decidedAt: Date | null;
  @Column('text', { nullable: true }) decision: 'approve' | 'reject' | null;
}
