import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** What is given. */
@Entity('rewards')
@Check('rewards_kind_check', `kind in ('link', 'coupon', 'custom')`)
@Check('rewards_url_check', `kind <> 'link' or url is not null`)
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
export class Reward {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text') kind: 'link' | 'coupon' | 'custom';
  @Column('text', { nullable: true }) url: string | null;
  @Column('text', { nullable: true }) code: string | null;
  @Column('text', { nullable: true }) description: string | null;
  @Column('timestamptz') createdAt: Date;
}

/** The pool of a coupon reward. A code belongs to at most one grant. */
@Entity('coupon_codes')
@Unique(['publicationId', 'rewardId', 'code'])
@Unique(['publicationId', 'grantId'])
@ForeignKey('Reward', ['publicationId', 'rewardId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Grant', ['publicationId', 'grantId'], ['publicationId', 'id'])
@Index('coupon_codes_free_idx', ['publicationId', 'rewardId', 'id'], { where: `grant_id is null` })
export class CouponCode {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') rewardId: string;
  @Column('text') code: string;
  @Column('uuid', { nullable: true }) grantId: string | null;
}
