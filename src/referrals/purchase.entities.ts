import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Something that a reader bought, told by an event of that id. `refundedAt` is worked out anew from all that is known of the reader. */
@Entity('purchases')
@Check('purchases_money_check', `(amount is null) = (currency is null)`)
@ForeignKey('InboundEvent', ['publicationId', 'eventId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('purchases_subscriber_idx', ['publicationId', 'subscriberId'])
export class Purchase {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('text') eventId: string;
  @Column('uuid') subscriberId: string;
  @Column('text', { nullable: true }) plan: string | null;
  @Column('integer', { nullable: true }) seats: number | null;
  /** In minor units. */
  @Column('bigint', { nullable: true }) amount: string | null;
  @Column('text', { nullable: true }) currency: string | null;
  @Column('timestamptz') at: Date;
  @Column('timestamptz', { nullable: true }) refundedAt: Date | null;
}
