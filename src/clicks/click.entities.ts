import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * One visit through a share link. Append-only, and nothing refers to it, so that old ones can go: the table has a partition for each
 * month of UTC. Its bounds are full hours, so that all visits of one hour, of which only the first counts, are in one of them.
 */
@Entity('clicks')
@Check('clicks_class_check', `class in ('human', 'bot', 'prefetch', 'repeat', 'self')`)
@Index('clicks_counted_idx', ['publicationId', 'visitKey', 'hour'], { unique: true, where: `class = 'human'` })
@Index('clicks_at_idx', ['publicationId', 'at'], { where: `class = 'human'` })
export class Click {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') participantId: string;
  @Column('uuid', { nullable: true }) contentId: string | null;
  @Column('text') channel: string;
  @Column('text') class: 'human' | 'bot' | 'prefetch' | 'repeat' | 'self';
  @Column('bytea') visitor: Buffer;
  @Column('bytea') visitKey: Buffer;
  @Column('timestamptz') at: Date;
  /** The UTC hour of `at`. */
  @PrimaryColumn('timestamptz') hour: Date;
}
