import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { FraudLevel, Reason, Sign } from '../domain/fraud.js';

/**
 * What the newest signup of a reader, and their confirmation, left behind. Keyed hashes but for `ip`, which goes after the fraud
 * window. Nothing but the checks of referrals reads it.
 */
@Entity('signup_signals')
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Participant', ['publicationId', 'referrerId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('signup_signals_referrer_idx', ['publicationId', 'referrerId', 'at'], { where: 'referrer_id is not null' })
@Index('signup_signals_network_idx', ['publicationId', 'network', 'at'], { where: 'network is not null' })
@Index('signup_signals_domain_idx', ['publicationId', 'domain', 'at'], { where: 'domain is not null' })
@Index('signup_signals_ip_idx', ['at'], { where: 'ip is not null' })
export class SignupSignals {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') subscriberId: string;
  @Column('timestamptz') at: Date;
  /** The participant whose link brought the reader; null of one who came by none. */
  @Column('uuid', { nullable: true }) referrerId: string | null;
  @Column('uuid', { nullable: true }) clickId: string | null;
  /** For network lists; null after FRAUD_WINDOW_MS. */
  @Column('inet', { nullable: true }) ip: string | null;
  @Column('bytea', { nullable: true }) network: Buffer | null;
  @Column('bytea', { nullable: true }) agent: Buffer | null;
  @Column('boolean') script: boolean;
  @Column('integer', { nullable: true }) fillMs: number | null;
  /** The subscriber that the browser was known to be of, whatever publication they are of. */
  @Column('uuid', { nullable: true }) browserOf: string | null;
  @Column('bytea', { nullable: true }) signupKey: Buffer | null;
  @Column('bytea', { nullable: true }) earlierKey: Buffer | null;
  /** Null of free mail. */
  @Column('bytea', { nullable: true }) domain: Buffer | null;
  @Column('bytea', { nullable: true }) stem: Buffer | null;
  @Column('timestamptz', { nullable: true }) confirmedAt: Date | null;
  @Column('bytea', { nullable: true }) confirmNetwork: Buffer | null;
  @Column('bytea', { nullable: true }) confirmAgent: Buffer | null;
  @Column('boolean', { nullable: true }) confirmScript: boolean | null;
  @Column('integer', { nullable: true }) confirmAfterMs: number | null;
}

/** An address, a domain or a network that the publication blocks or allows. */
@Entity('fraud_list_entries')
@Unique('fraud_list_entries_key', ['publicationId', 'kind', 'key', 'list'])
@Check('fraud_list_entries_list_check', `list in ('block', 'allow')`)
@Check('fraud_list_entries_kind_check', `kind in ('address', 'domain', 'network')`)
@Check('fraud_list_entries_value_check', `value is not null or kind = 'address'`)
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
export class FraudListEntry {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') list: 'block' | 'allow';
  @Column('text') kind: 'address' | 'domain' | 'network';
  /** What it is found by: of an address the key of its mailbox, after an erasure a keyed hash of that. */
  @Column('text') key: string;
  /** As the publication wrote it; null of an erased address. */
  @Column('text', { nullable: true }) value: string | null;
  @Column('text', { nullable: true }) note: string | null;
  @Column('timestamptz') createdAt: Date;
}

/** How a referral was judged when its friend confirmed, with the signs that were not enough too: a dry run judges by them again. */
@Entity('referral_assessments')
@Check('referral_assessments_level_check', `level in ('flexible', 'strong', 'very_strong')`)
@Check('referral_assessments_outcome_check', `outcome in ('rejected', 'held', 'passed')`)
@ForeignKey('Referral', ['publicationId', 'referralId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Participant', ['publicationId', 'referrerId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('referral_assessments_referrer_idx', ['publicationId', 'referrerId', 'at'])
export class ReferralAssessment {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') referralId: string;
  @Column('uuid') referrerId: string;
  @Column('timestamptz') at: Date;
  @Column('text') level: FraudLevel;
  @Column('text') outcome: 'rejected' | 'held' | 'passed';
  @Column('jsonb', { nullable: true }) refused: Reason | null;
  @Column('jsonb') signs: Sign[];
  /** On the allow list: caps do not count it. */
  @Column('boolean') allowed: boolean;
}
