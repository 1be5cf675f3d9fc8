import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Audience } from '../domain/audience.js';
import type { FraudLevel } from '../domain/fraud.js';
import type { JoinField } from '../domain/join-fields.js';
import { type ProgramMailSettings, USUAL_PROGRAM_MAILS } from '../domain/program-mails.js';
import type { ProgramAccess } from '../domain/participation.js';
import type { JoinWords, ShareVariant } from '../domain/share-words.js';

/** One newsletter: the tenant. Directory: found by its slug. */
@Entity('publications')
@Unique(['slug'])
@Check('publications_locale_check', `locale in ('en', 'ja')`)
export class Publication {
  @PrimaryColumn('uuid') id: string;
  @Column('text') slug: string;
  @Column('text') name: string;
  @Column('text') siteUrl: string;
  @Column('text') fromEmail: string;
  @Column('text', { nullable: true }) fromName: string | null;
  @Column('text') locale: 'en' | 'ja';
  @Column('text') timezone: string;
  @Column('text', { nullable: true }) postalAddress: string | null;
  @Column('text', { array: true }) allowedOrigins: string[];
  @Column('jsonb', { default: USUAL_PROGRAM_MAILS }) programMails: ProgramMailSettings;
  @Column('timestamptz') createdAt: Date;
}

/** A step of how a program works; the text is empty where the title says it all. */
export interface ProgramStep {
  title: string;
  text: string | null;
}

/** A referral program of a publication: how clicks are attributed, what counts, when rewards go out. */
@Entity('programs')
@Unique(['publicationId', 'slug'])
@Check('programs_access_check', `access in ('auto', 'open', 'invite', 'application', 'segment')`)
@Check('programs_attribution_model_check', `attribution_model in ('first', 'last')`)
@Check('programs_attribution_window_days_check', `attribution_window_days between 1 and 365`)
@Check('programs_hold_days_check', `hold_days between 0 and 30`)
@Check('programs_fraud_level_check', `fraud_level in ('flexible', 'strong', 'very_strong')`)
@Check(
  'programs_delivery_check',
  `delivery_when = 'immediate' or (delivery_when = 'scheduled' and delivery_cron is not null)`,
)
@Check('programs_segment_check', `access <> 'segment' or segment is not null`)
@Check('programs_requirements_check', `access in ('invite', 'application') or requirements = '{}'`)
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
@Index('programs_enrol_idx', ['publicationId', 'id'], { where: `enrol_after is not null` })
export class Program {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') slug: string;
  @Column('text') name: string;
  @Column('text') access: ProgramAccess;
  @Column('text', { nullable: true }) landingUrl: string | null;
  @Column('text') attributionModel: 'first' | 'last';
  @Column('integer') attributionWindowDays: number;
  @Column('integer') holdDays: number;
  @Column('text') deliveryWhen: string;
  @Column('text', { nullable: true }) deliveryCron: string | null;
  @Column('text', { nullable: true }) deliveryTimezone: string | null;
  @Column('integer') season: number;
  /** Stages of its own between `verified` and `qualified`, in their order. */
  @Column('text', { array: true }) stages: string[];

  // Who takes part, and what the program says of itself.
  /** Of whom the program is, where access is `segment`. */
  @Column('jsonb', { nullable: true }) segment: Audience | null;
  @Column('jsonb', { default: [] }) joinFields: JoinField[];
  @Column('boolean', { default: false }) askHeardFrom: boolean;
  @Column('text', { nullable: true }) description: string | null;
  @Column('text', { nullable: true }) termsUrl: string | null;
  @Column('jsonb', { default: [] }) faq: { question: string; answer: string }[];
  @Column('jsonb', { default: [] }) steps: ProgramStep[];
  /** In the sharer's voice; `{url}` stands for their link. */
  @Column('text', { nullable: true }) shareMessage: string | null;
  /** Other words for some friends. */
  @Column('jsonb', { default: [] }) shareVariants: ShareVariant[];
  /** What the join page says instead of its plain words. */
  @Column('jsonb', { default: {} }) joinPage: JoinWords;
  /** Whether participants see each other's counts, under the names that they chose. */
  @Column('boolean', { default: false }) showsBoard: boolean;
  /** What staff must have ticked off before an applicant takes part. */
  @Column('text', { array: true, default: [] }) requirements: string[];
  /** Whether participants may hand in the contact of a colleague. */
  @Column('boolean', { default: false }) handIn: boolean;
  /** Readers up to this one have been looked at by the enrolment that runs; null where none does. */
  @Column('uuid', { nullable: true }) enrolAfter: string | null;
  /** When all readers were last looked at. */
  @Column('timestamptz', { nullable: true }) enrolledAt: Date | null;

  @Column('timestamptz') createdAt: Date;
  /** Whether a friend of this program confirms by mail; where not, a new address is a reader's at once. */
  @Column('boolean', { default: true }) doubleOptIn: boolean;
  /** Whether a friend must click in a mail before the referral counts. */
  @Column('boolean', { default: false }) requireEngagement: boolean;
  @Column('text', { default: 'strong' }) fraudLevel: FraudLevel;
}

/** When a season of a program began and who began it. The first began with the program and has no row. */
@Entity('program_seasons')
@Check('program_seasons_season_check', `season >= 2`)
@ForeignKey('Program', ['publicationId', 'programId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
export class ProgramSeason {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') programId: string;
  @PrimaryColumn('integer') season: number;
  @Column('text') actor: string;
  @Column('timestamptz') startedAt: Date;
}

/** Something shareable: an issue, an article, a page. */
@Entity('contents')
@Unique(['publicationId', 'slug'])
@Check('contents_kind_check', `kind in ('issue', 'article', 'page')`)
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
export class Content {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') slug: string;
  @Column('text') title: string;
  /** What a preview of a shared link says below the title. */
  @Column('text', { nullable: true }) description: string | null;
  @Column('text') url: string;
  @Column('text') kind: 'issue' | 'article' | 'page';
  @Column('timestamptz', { nullable: true }) publishedAt: Date | null;
  @Column('timestamptz') createdAt: Date;
}
