import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** What marketing noted of a lead. Whether it is qualified is the stage of its referral and not kept here. */
@Entity('lead_marks')
@ForeignKey('Referral', ['publicationId', 'referralId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
export class LeadMarks {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') referralId: string;
  @Column('boolean', { nullable: true }) decisionMaker: boolean | null;
  @Column('boolean', { nullable: true }) fit: boolean | null;
  @Column('boolean', { nullable: true }) need: boolean | null;
  @Column('text', { nullable: true }) owner: string | null;
  @Column('text', { nullable: true }) note: string | null;
  @Column('timestamptz') changedAt: Date;
}
