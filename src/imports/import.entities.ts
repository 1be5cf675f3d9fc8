import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { ImportPhase, ImportState, Verdict } from '../domain/import-verdicts.js';

/**
 * A file of readers that a publisher brought. `phase` and `atRow` say how far it has come; they change in the transaction of
 * the work itself, so that whoever goes on after a crash begins where the last commit ended.
 */
@Entity('imports')
@Check('imports_state_check', `state in ('waiting', 'running', 'done', 'failed')`)
@Check('imports_phase_check', `phase in ('sort', 'readers', 'referrers', 'referrals', 'counts', 'end')`)
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
@Index('imports_waiting_idx', ['createdAt'], { where: `state in ('waiting', 'running')` })
export class Import {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') state: ImportState;
  @Column('text') phase: ImportPhase;
  @Column('integer') atRow: number;
  @Column('integer') total: number;
  /** Rows that are not good in themselves; known before the first reader is made. */
  @Column('integer') failed: number;
  /** Where the permission to write to these people came from, in the publisher's words. */
  @Column('text') consent: string;
  /** Our field by the name of the file's column. */
  @Column('jsonb') columns: Record<string, string>;
  @Column('text', { array: true }) ignoredColumns: string[];
  @Column('boolean') dryRun: boolean;
  /** Milestones that are past are granted as usual, with their mails, and not only recorded. */
  @Column('boolean') mailPast: boolean;
  /** Rows by verdict, counted at the end. */
  @Column('jsonb', { nullable: true }) verdicts: Partial<Record<Verdict, number>> | null;
  @Column('integer') attempts: number;
  @Column('text', { nullable: true }) error: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
}

/**
 * One row of the file as it was understood. `verdict` null: nothing speaks against it, it is or will be imported. So only
 * rows about which there is something to say are written a second time.
 */
@Entity('import_rows')
@ForeignKey('Import', ['publicationId', 'importId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('import_rows_told_code_idx', ['publicationId', 'importId', 'toldCode'], { where: `told_code is not null` })
export class ImportRow {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') importId: string;
  /** 1 is the first row below the header. */
  @PrimaryColumn('integer') rowNo: number;
  /** Where mail would go; of a bad address what stood there. */
  @Column('text') email: string;
  @Column('text', { nullable: true }) emailKey: string | null;
  @Column('text', { nullable: true }) abuseKey: string | null;
  @Column('text', { nullable: true }) firstName: string | null;
  @Column('text', { nullable: true }) locale: string | null;
  /** The share code in the file: referredBy of other rows means this one by it. */
  @Column('text', { nullable: true }) toldCode: string | null;
  /** The share code to claim: the told one, else a new one; null when the told one is taken and a new one is drawn. */
  @Column('text', { nullable: true }) shareCode: string | null;
  @Column('text', { nullable: true }) externalId: string | null;
  @Column('jsonb', { nullable: true }) attributes: Record<string, string> | null;
  @Column('integer', { nullable: true }) referralCount: number | null;
  @Column('text', { nullable: true }) referredBy: string | null;
  /** referredBy as an address' key or a share code as stored. */
  @Column('text', { nullable: true }) referredByKey: string | null;
  @Column('timestamptz', { nullable: true }) createdAt: Date | null;
  @Column('timestamptz', { nullable: true }) confirmedAt: Date | null;
  /** Another address of the same mailbox was there before. */
  @Column('boolean') alias: boolean;
  @Column('text', { nullable: true }) verdict: Verdict | null;
  @Column('text', { nullable: true }) message: string | null;
}
