import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** What a key or a person decided or changed. Append-only, but for the note, which is emptied when a person it may name is erased. */
@Entity('audit_entries')
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
@Index('audit_entries_subject_idx', ['publicationId', 'subjectId'])
@Index('audit_entries_batch_idx', ['publicationId', 'batch'], { where: 'batch is not null' })
@Index('audit_entries_people_idx', ['people'], { type: 'gin' })
export class AuditEntry {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  /** `key:{id of the API key}`, `account:{id}` of who was signed in, or `operator`. */
  @Column('text') actor: string;
  @Column('text') role: string;
  /** `referral.approve`, `grant.revoke`, … */
  @Column('text') act: string;
  @Column('text') subjectKind: string;
  @Column('uuid') subjectId: string;
  /** The subscribers whom it is about. */
  @Column('uuid', { array: true }) people: string[];
  /** Entries of one call that share their note. */
  @Column('uuid', { nullable: true }) batch: string | null;
  @Column('text', { nullable: true }) note: string | null;
  /** Ids, states and settings: never an address, a name or what somebody typed about a person. */
  @Column('jsonb') data: Record<string, unknown>;
  @Column('timestamptz') at: Date;
}
