import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/**
 * What a publication's own systems told of a reader, once for ever by the `id` that they gave it. `digest` is what tells the
 * same id with another body; it stays when the reader is erased, while `data` is emptied.
 */
@Entity('inbound_events')
@ForeignKey('Subscriber', ['publicationId', 'subscriberId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('inbound_events_subscriber_idx', ['publicationId', 'subscriberId', 'type'])
export class InboundEvent {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('text') id: string;
  @Column('uuid') subscriberId: string;
  @Column('text') type: string;
  /** When it happened, by the sender; the time of arrival where that was not said. */
  @Column('timestamptz') at: Date;
  @Column('bytea') digest: Buffer;
  /** What was told, without what names the reader. */
  @Column('jsonb') data: Record<string, unknown>;
  @Column('timestamptz') receivedAt: Date;
}
