import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { MilestoneBody } from './milestone.entities.js';

/** What a milestone said from some moment on, and who made it say so. Append-only. */
@Entity('milestone_versions')
@ForeignKey('Milestone', ['publicationId', 'milestoneId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
export class MilestoneVersion {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') milestoneId: string;
  @PrimaryColumn('integer') version: number;
  @Column('jsonb') rule: MilestoneBody;
  @Column('text') actor: string;
  @Column('timestamptz') at: Date;
}

/** How far a version of a milestone has been granted to those who were past it. Of one milestone one runs at a time. */
@Entity('past_runs')
@Unique(['publicationId', 'milestoneId', 'milestoneVersion'])
@Check(
  'past_runs_state_check',
  `state in ('running', 'done', 'stopped') and (state = 'running') = (finished_at is null)`,
)
@ForeignKey(
  'MilestoneVersion',
  ['publicationId', 'milestoneId', 'milestoneVersion'],
  ['publicationId', 'milestoneId', 'version'],
  { onDelete: 'CASCADE' },
)
@Index('past_runs_running_idx', ['createdAt'], { where: `state = 'running'` })
export class PastRun {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') milestoneId: string;
  @Column('integer') milestoneVersion: number;
  /** `stopped`: the milestone was taken out of force meanwhile. */
  @Column('text') state: 'running' | 'done' | 'stopped';
  /** Everybody up to this participant has been looked at. */
  @Column('uuid', { nullable: true }) afterParticipant: string | null;
  @Column('integer') granted: number;
  @Column('integer') capped: number;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
}
