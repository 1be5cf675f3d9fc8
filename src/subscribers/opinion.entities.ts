import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** What a reader said of the publication: their last answer to the NPS question, and when they first wrote a public review. */
@Entity('opinions')
@Check('opinions_nps_check', `nps_score between 0 and 10 and (nps_score is null) = (nps_at is null)`)
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
export class Opinion {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') subscriberId: string;
  @Column('integer', { nullable: true }) npsScore: number | null;
  @Column('timestamptz', { nullable: true }) npsAt: Date | null;
  @Column('timestamptz', { nullable: true }) reviewedAt: Date | null;
}
