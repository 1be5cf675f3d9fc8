import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * An Idempotency-Key and, once the work is done, the answer that is given again. The operator's keys belong to no publication
 * and stand under the nil UUID (RFC 9562, 5.9): one table and one way for all, and every key still begins with its tenant.
 * Therefore no foreign key, which would also cost every POST a look at its publication; rows live for 24 hours.
 */
@Entity('idempotency_keys')
@Index('idempotency_keys_created_at_idx', ['createdAt'])
export class IdempotencyKey {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('text') key: string;
  @Column('bytea') requestHash: Buffer;
  /** The process that took it on, by an id made at its start. */
  @Column('uuid') owner: string;
  /** By the database's clock. A row without a status whose lease is over belonged to a process that died. */
  @Column('timestamptz') leaseUntil: Date;
  /** null while the work is running. */
  @Column('smallint', { nullable: true }) status: number | null;
  @Column('text', { nullable: true }) contentType: string | null;
  /** The body as it was sent, secrets in it replaced by null. Holds personal data: goes after 24 hours. */
  @Column('text', { nullable: true }) response: string | null;
  @Column('timestamptz') createdAt: Date;
}
