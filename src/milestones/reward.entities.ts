import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { RewardKind, RewardTerms } from '../domain/rewards.js';

/** What is given. */
@Entity('rewards')
@Check(
  'rewards_kind_check',
  `kind in ('link', 'coupon', 'gift_card', 'credit', 'discount', 'physical', 'access', 'entry', 'custom')`,
)
@Check('rewards_url_check', `kind <> 'link' or url is not null`)
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
export class Reward {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text') kind: RewardKind;
  @Column('text', { nullable: true }) url: string | null;
  @Column('text', { nullable: true }) code: string | null;
  @Column('text', { nullable: true }) description: string | null;
  @Column('jsonb', { default: {} }) terms: RewardTerms;
  @Column('timestamptz') createdAt: Date;
}

/** The pools of coupons and gift cards. A code belongs to at most one grant; the value is the code's own, in minor units. */
@Entity('coupon_codes')
@Unique(['publicationId', 'rewardId', 'code'])
@Unique(['publicationId', 'grantId'])
@Check('coupon_codes_value_check', `(value_amount is null) = (value_currency is null)`)
@ForeignKey('Reward', ['publicationId', 'rewardId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Grant', ['publicationId', 'grantId'], ['publicationId', 'id'])
@Index('coupon_codes_free_idx', ['publicationId', 'rewardId', 'id'], { where: `grant_id is null` })
export class CouponCode {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') rewardId: string;
  @Column('text') code: string;
  @Column('uuid', { nullable: true }) grantId: string | null;
  @Column('bigint', { nullable: true }) valueAmount: string | null;
  @Column('text', { nullable: true }) valueCurrency: string | null;
}

/** Where to send a physical reward. Kept until the parcel has long arrived. */
@Entity('shipping_addresses')
@ForeignKey('Grant', ['publicationId', 'grantId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('shipping_addresses_given_idx', ['givenAt'])
export class ShippingAddress {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') grantId: string;
  @Column('text', { nullable: true }) variant: string | null;
  @Column('text') name: string;
  /** ISO 3166, two letters. */
  @Column('text') country: string;
  @Column('text') postcode: string;
  @Column('text', { nullable: true }) region: string | null;
  @Column('text', { nullable: true }) city: string | null;
  @Column('text') line1: string;
  @Column('text', { nullable: true }) line2: string | null;
  @Column('text', { nullable: true }) phone: string | null;
  @Column('timestamptz') givenAt: Date;
}
