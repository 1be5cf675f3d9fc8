import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** The outbox: a row is a promise to send, committed with what it tells of. */
@Entity('mails')
@Unique(['publicationId', 'dedupeKey'])
@Check('mails_state_check', `state in ('waiting', 'sent', 'dead', 'uncertain', 'suppressed')`)
@Check('mails_addressee_check', `(subscriber_id is null) <> (recipient is null)`)
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('mails_due_idx', ['priority', 'createdAt'], { where: `state = 'waiting'` })
@Index('mails_stopped_idx', ['state'], { where: `state in ('dead', 'uncertain', 'suppressed')` })
@Index('mails_confirm_sent_idx', ['sentAt'], { where: `message = 'confirm' and state = 'sent'` })
@Index('mails_followed_idx', ['sentAt', 'id'], {
  where: `message in ('welcome', 'first-referral', 'referral-verified', 'reward') and state = 'sent'`,
})
@Index('mails_released_idx', ['publicationId', 'subscriberId', 'releasedAt'], { where: `released_at is not null` })
@Index('mails_subscriber_idx', ['publicationId', 'subscriberId', 'message'])
export class Mail {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  /** The reader it goes to, at the address that they have when it is sent; null for a mail to staff. */
  @Column('uuid', { nullable: true }) subscriberId: string | null;
  /** The address of a mail to staff, null for a reader's. */
  @Column('text', { nullable: true }) recipient: string | null;
  @Column('text') message: string;
  @Column('jsonb') data: Record<string, unknown>;
  @Column('text') dedupeKey: string;
  @Column('smallint') priority: number;
  @Column('text') state: 'waiting' | 'sent' | 'dead' | 'uncertain' | 'suppressed';
  @Column('integer') attempts: number;
  @Column('timestamptz') dueAt: Date;
  @Column('timestamptz', { nullable: true }) leaseUntil: Date | null;
  @Column('boolean') uncertain: boolean;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) sentAt: Date | null;
  /** When a mail about sharing got its turn; null for all others, and while it waits for it. */
  @Column('timestamptz', { nullable: true }) releasedAt: Date | null;
  @Column('text', { nullable: true }) lastError: string | null;
}

/** What was handed over to the transport, kept only with DEV_TOOLS=on, for /dev/mail. */
@Entity('received_mails')
export class ReceivedMail {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') recipient: string;
  @Column('text') subject: string;
  @Column('jsonb') headers: Record<string, unknown>;
  @Column('text') text: string;
  @Column('text') html: string;
  @Column('timestamptz') at: Date;
}
