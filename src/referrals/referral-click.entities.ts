import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { AttributionOutcome, AttributionSettings } from '../domain/attribution.js';

/**
 * A click, or a bare share code, that the browser of a signup presented, with what was decided of it. Copies, so that clicks
 * can go. The rows of a reader are one decision: that of their referral, or of a signup for which nobody is credited.
 */
@Entity('referral_clicks')
@Check('referral_clicks_click_check', `(click_id is null) = (clicked_at is null)`)
@Check('referral_clicks_model_check', `model in ('first', 'last')`)
@Check(
  'referral_clicks_outcome_check',
  `outcome in ('won', 'out_of_window', 'later_than_first', 'earlier_than_last', 'other_model', 'code_only')`,
)
@ForeignKey('Subscriber', ['publicationId', 'referredId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Participant', ['publicationId', 'participantId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Content', ['publicationId', 'contentId'], ['publicationId', 'id'])
@Index('referral_clicks_won_idx', ['publicationId', 'referredId'], { unique: true, where: `outcome = 'won'` })
export class ReferralClick {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') referredId: string;
  /** From 0: clicks oldest first, then the bare code. */
  @PrimaryColumn('smallint') position: number;
  @Column('uuid', { nullable: true }) clickId: string | null;
  @Column('timestamptz', { nullable: true }) clickedAt: Date | null;
  /** Whose link or code it was. */
  @Column('uuid') participantId: string;
  @Column('uuid', { nullable: true }) contentId: string | null;
  @Column('text') channel: string;
  /** What the participant's program said at the signup, as the window. */
  @Column('text') model: AttributionSettings['model'];
  @Column('integer') windowDays: number;
  @Column('text') outcome: AttributionOutcome;
  @Column('timestamptz') signedUpAt: Date;
}
