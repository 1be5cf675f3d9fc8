import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/**
 * A press on a share button, which is no proven share: nobody tells us whether the post was sent. `press` names link, channel
 * and UTC hour, so that who presses again in the same hour is counted once, as with clicks.
 */
@Entity('shares')
@ForeignKey('Participant', ['publicationId', 'participantId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey('Content', ['publicationId', 'contentId'], ['publicationId', 'id'])
@Index('shares_at_idx', ['publicationId', 'at'])
export class Share {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') participantId: string;
  @PrimaryColumn('text') press: string;
  @Column('uuid', { nullable: true }) contentId: string | null;
  @Column('text') channel: string;
  @Column('timestamptz') at: Date;
}
