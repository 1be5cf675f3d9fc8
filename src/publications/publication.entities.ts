import type { FraudLevel } from '../domain/fraud.js';
import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

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
  @Column('timestamptz') createdAt: Date;
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
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
export class Program {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') slug: string;
  @Column('text') name: string;
  @Column('text') access: 'auto' | 'open' | 'invite' | 'application' | 'segment';
  @Column('text', { nullable: true }) landingUrl: string | null;
  @Column('text') attributionModel: 'first' | 'last';
  @Column('integer') attributionWindowDays: number;
  @Column('integer') holdDays: number;
  @Column('text') deliveryWhen: string;
  @Column('text', { nullable: true }) deliveryCron: string | null;
  @Column('text', { nullable: true }) deliveryTimezone: string | null;
  @Column('integer') season: number;
  @Column('timestamptz') createdAt: Date;
  /** Whether a friend of this program confirms by mail; where not, a new address is a reader's at once. */
  @Column('boolean', { default: true }) doubleOptIn: boolean;
  /** Whether a friend must click in a mail before the referral counts. */
  @Column('boolean', { default: false }) requireEngagement: boolean;
  @Column('text', { default: 'strong' }) fraudLevel: FraudLevel;
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
  @Column('text') url: string;
  @Column('text') kind: 'issue' | 'article' | 'page';
  @Column('timestamptz', { nullable: true }) publishedAt: Date | null;
  @Column('timestamptz') createdAt: Date;
}
