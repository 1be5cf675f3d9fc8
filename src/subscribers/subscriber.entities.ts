import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A reader. `emailKey` is identity; `abuseKey` folds aliases of one mailbox together and serves fraud checks only. */
@Entity('subscribers')
@Unique(['publicationId', 'emailKey'])
@Unique(['publicationId', 'externalId'])
@Check('subscribers_status_check', `status in ('pending', 'active', 'unsubscribed', 'bounced', 'erased')`)
@Check('subscribers_locale_check', `locale in ('en', 'ja')`)
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
@Index('subscribers_abuse_key_idx', ['publicationId', 'abuseKey'])
export class Subscriber {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') email: string;
  @Column('text') emailKey: string;
  @Column('text') abuseKey: string;
  @Column('text', { nullable: true }) firstName: string | null;
  @Column('text') status: 'pending' | 'active' | 'unsubscribed' | 'bounced' | 'erased';
  @Column('text') locale: 'en' | 'ja';
  @Column('jsonb') attributes: Record<string, unknown>;
  @Column('text', { nullable: true }) externalId: string | null;
  @Column('text', { nullable: true }) heardFrom: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) confirmedAt: Date | null;
  @Column('timestamptz', { nullable: true }) unsubscribedAt: Date | null;
  /** When something of the reader changed that the export tells. Counts have a time of their own. */
  @Column('timestamptz', { default: () => 'now()' }) changedAt: Date;
}

/** Who agreed to what, when and where. Append-only. */
@Entity('consents')
@Check('consents_act_check', `act in ('asked', 'confirmed', 'withdrawn')`)
@Check('consents_source_check', `source in ('join_page', 'api', 'mail', 'import')`)
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('consents_subscriber_idx', ['publicationId', 'subscriberId'])
export class Consent {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') subscriberId: string;
  @Column('text') act: 'asked' | 'confirmed' | 'withdrawn';
  @Column('text') source: 'join_page' | 'api' | 'mail' | 'import';
  /** Which words were agreed to; for an import what the publisher says about where the permission came from. */
  @Column('text') textVersion: string;
  @Column('timestamptz') at: Date;
}

/** A subscriber in a program. */
@Entity('participants')
@Unique(['publicationId', 'programId', 'subscriberId'])
@ForeignKey('Program', ['publicationId', 'programId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('participants_subscriber_idx', ['publicationId', 'subscriberId'])
export class Participant {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') programId: string;
  @Column('uuid') subscriberId: string;
  @Column('timestamptz') createdAt: Date;
}

/** The code in a share link. Directory: a redirect knows nothing but the code. It never changes hands. */
@Entity('share_codes')
@Unique(['publicationId', 'participantId'])
@Check('share_codes_code_check', `code = lower(code)`)
@ForeignKey('Participant', ['publicationId', 'participantId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
export class ShareCode {
  @PrimaryColumn('text') code: string;
  @Column('uuid') publicationId: string;
  @Column('uuid') participantId: string;
}
