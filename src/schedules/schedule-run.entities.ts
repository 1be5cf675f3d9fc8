import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Something that happens at a set time has happened. The key is what makes it once, over all processes. */
@Entity('schedule_runs')
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
@Index('schedule_runs_ran_idx', ['schedule', 'ranAt'])
export class ScheduleRun {
  @PrimaryColumn('uuid') publicationId: string;
  /** `ledger`, `contest:{id}`, `raffle:{id}`. */
  @PrimaryColumn('text') schedule: string;
  /** The slot by the local clock, the round of a contest, or `draw`. */
  @PrimaryColumn('text') runKey: string;
  @Column('timestamptz') ranAt: Date;
}
