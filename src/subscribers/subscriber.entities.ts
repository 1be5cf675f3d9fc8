import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { ParticipantStatus } from '../domain/participation.js';

/**
 * A reader. `emailKey` is identity; `abuseKey` folds aliases of one mailbox together and serves fraud checks only. Of an erased
 * one everything personal is empty: the row stays for those whose counts, grants and referrals point to it.
 */
@Entity('subscribers')
@Unique(['publicationId', 'emailKey'])
@Unique(['publicationId', 'externalId'])
@Check('subscribers_status_check', `status in ('pending', 'active', 'unsubscribed', 'bounced', 'erased')`)
@Check(
  'subscribers_erased_check',
  `case when status = 'erased'
     then num_nonnulls(email, email_key, abuse_key, first_name, external_id, heard_from, board_name) = 0 and attributes = '{}'
     else num_nulls(email, email_key, abuse_key) = 0 end`,
)
@Check('subscribers_locale_check', `locale in ('en', 'ja')`)
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
@Index('subscribers_abuse_key_idx', ['publicationId', 'abuseKey'])
export class Subscriber {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text', { nullable: true }) email: string | null;
  @Column('text', { nullable: true }) emailKey: string | null;
  @Column('text', { nullable: true }) abuseKey: string | null;
  @Column('text', { nullable: true }) firstName: string | null;
  @Column('text') status: 'pending' | 'active' | 'unsubscribed' | 'bounced' | 'erased';
  @Column('text') locale: 'en' | 'ja';
  @Column('jsonb') attributes: Record<string, unknown>;
  @Column('text', { nullable: true }) externalId: string | null;
  @Column('text', { nullable: true }) heardFrom: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) confirmedAt: Date | null;
  @Column('timestamptz', { nullable: true }) unsubscribedAt: Date | null;
  /** Since when the reader wants no mails about sharing; the letter itself and what was earned come all the same. Null: they come. */
  @Column('timestamptz', { nullable: true }) programMailsMutedAt: Date | null;
  /** Whether friends are told the reader's first name where they join. */
  @Column('boolean', { default: false }) showsName: boolean;
  /** What the leaderboard calls the reader; null is "a reader". */
  @Column('text', { nullable: true }) boardName: string | null;
  /** When something of the reader changed that the export tells. Counts have a time of their own. */
  @Column('timestamptz', { default: () => 'now()' }) changedAt: Date;
}

/** An address that a reader had before. Kept so that erasing them finds what was kept under it, and that it is never a new reader's. */
@Entity('former_addresses')
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('former_addresses_abuse_key_idx', ['publicationId', 'abuseKey'], { where: `confirmed` })
export class FormerAddress {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') subscriberId: string;
  @Column('text') email: string;
  @PrimaryColumn('text') emailKey: string;
  @Column('text') abuseKey: string;
  /** Whether the reader had ever confirmed when the address went. */
  @Column('boolean') confirmed: boolean;
}

/**
 * That an address or a mailbox was erased, by a keyed hash (platform/erasure-key.ts): nothing here tells whose, and nothing
 * leads from it to the row of the reader.
 */
@Entity('erased_addresses')
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
export class ErasedAddress {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('bytea') hash: Buffer;
  /** Whether it had ever been confirmed: then it is never a new referral. One that had not may become one. */
  @Column('boolean') confirmed: boolean;
}

/** Who agreed to what, when and where. Append-only. */
@Entity('consents')
@Check('consents_act_check', `act in ('asked', 'confirmed', 'withdrawn')`)
@Check('consents_source_check', `source in ('join_page', 'api', 'mail', 'import', 'hand_in')`)
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('consents_subscriber_idx', ['publicationId', 'subscriberId'])
export class Consent {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') subscriberId: string;
  @Column('text') act: 'asked' | 'confirmed' | 'withdrawn';
  @Column('text') source: 'join_page' | 'api' | 'mail' | 'import' | 'hand_in';
  /** Which words were agreed to; for an import what the publisher says about where the permission came from. */
  @Column('text') textVersion: string;
  @Column('timestamptz') at: Date;
}

/** A subscriber in a program, or on the way into it: only who is `active` has a share code. */
@Entity('participants')
@Unique(['publicationId', 'programId', 'subscriberId'])
@Check('participants_status_check', `status in ('invited', 'applied', 'active', 'rejected')`)
@ForeignKey('Program', ['publicationId', 'programId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('participants_subscriber_idx', ['publicationId', 'subscriberId'])
@Index('participants_program_idx', ['publicationId', 'programId', 'id'])
@Index('participants_invited_idx', ['invitedAt'], { where: `status = 'invited' and is_asked` })
export class Participant {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') programId: string;
  @Column('uuid') subscriberId: string;
  @Column('text', { default: 'active' }) status: ParticipantStatus;
  /** Whether the invitation waits for the reader's own press. */
  @Column('boolean', { default: false }) isAsked: boolean;
  /** Since when it waits so. */
  @Column('timestamptz', { nullable: true }) invitedAt: Date | null;
  /** Of the program's requirements, those that staff ticked off. */
  @Column('text', { array: true, default: [] }) requirements: string[];
  /** What the reader wrote into the application, by field. */
  @Column('jsonb', { default: {} }) answers: Record<string, string>;
  /** What the reader says to friends instead of the program's words, by the name of the variant; '' is for everybody. */
  @Column('jsonb', { default: {} }) shareWords: Record<string, string>;
  @Column('timestamptz', { nullable: true }) appliedAt: Date | null;
  /** When staff approved or rejected. */
  @Column('timestamptz', { nullable: true }) decidedAt: Date | null;
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

/**
 * The contact of a colleague that a participant handed in. The address is kept until its owner agrees, and then is the
 * subscriber's; who does not agree in time is deleted. Afterwards the row tells who named whom, and when.
 */
@Entity('hand_ins')
@Unique(['publicationId', 'emailKey'])
@Check(
  'hand_ins_contact_check',
  `case when confirmed_at is null then num_nulls(email, email_key, abuse_key) = 0 and subscriber_id is null
     else num_nonnulls(email, email_key, abuse_key) = 0 and subscriber_id is not null end`,
)
@ForeignKey('Participant', ['publicationId', 'participantId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('hand_ins_participant_idx', ['publicationId', 'participantId'])
@Index('hand_ins_subscriber_idx', ['publicationId', 'subscriberId'])
@Index('hand_ins_waiting_idx', ['handedInAt'], { where: `confirmed_at is null` })
export class HandIn {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') participantId: string;
  @Column('text', { nullable: true }) email: string | null;
  @Column('text', { nullable: true }) emailKey: string | null;
  @Column('text', { nullable: true }) abuseKey: string | null;
  /** Version of the statement that the participant ticked: that the colleague agreed. */
  @Column('text') textVersion: string;
  @Column('timestamptz') handedInAt: Date;
  @Column('uuid', { nullable: true }) subscriberId: string | null;
  @Column('timestamptz', { nullable: true }) confirmedAt: Date | null;
}

/**
 * That a mailbox was asked because somebody handed it in, by the keyed hash of erased ones: it is asked once, and never after
 * it declined. `handIn` is the id of what was handed in, which is long gone when somebody declines late.
 */
@Entity('asked_addresses')
@Unique(['publicationId', 'handIn'])
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
export class AskedAddress {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('bytea') hash: Buffer;
  @Column('uuid') handIn: string;
  @Column('boolean') declined: boolean;
  @Column('timestamptz') askedAt: Date;
}
