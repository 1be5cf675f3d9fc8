import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** An endpoint: a receiver of the publication's own, and what it wants to hear of. */
@Entity('webhooks')
@Check('webhooks_off_reason_check', `off_reason in ('staff', 'gone', 'failing')`)
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
export class Webhook {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') url: string;
  /** Names of the catalogue, or `*`. */
  @Column('text', { array: true }) events: string[];
  /** Null while it is on. `gone`: it answered 410. `failing`: nothing succeeded for five days. */
  @Column('text', { nullable: true }) offReason: 'staff' | 'gone' | 'failing' | null;
  /** Sealed: it must be readable to sign with. */
  @Column('bytea') secret: Buffer;
  /** Signs too until then, so that a receiver can change over without losing anything. */
  @Column('bytea', { nullable: true }) previousSecret: Buffer | null;
  @Column('timestamptz', { nullable: true }) previousSecretUntil: Date | null;
  /** The first failure since the last success. */
  @Column('timestamptz', { nullable: true }) failingSince: Date | null;
  /** It asked to be left alone until then. */
  @Column('timestamptz', { nullable: true }) pausedUntil: Date | null;
  @Column('timestamptz') createdAt: Date;
}

/** One try to deliver, as staff see it. Kept as jsonb, the last 20 of a delivery. */
export interface DeliveryTry {
  /** ISO 8601. */
  at: string;
  /** The receiver's HTTP status; null where it answered nothing. */
  status: number | null;
  /** How long it took. */
  ms: number;
  /** Why it was no success; null where it was one. */
  error: string | null;
  /** The first 1,000 bytes of what it answered. */
  answer: string | null;
}

/**
 * The outbox of webhooks: a row is a promise to tell one endpoint of one happening, committed with the happening. `data` holds
 * people's addresses, so a row is kept only as long as a replay may be of use, 30 days, and then removed by CleanUp.
 */
@Entity('webhook_deliveries')
@Unique(['publicationId', 'webhookId', 'eventKey'])
@Check('webhook_deliveries_state_check', `state in ('waiting', 'delivered', 'failed')`)
@ForeignKey('Webhook', ['publicationId', 'webhookId'], ['publicationId', 'id'], { onDelete: 'CASCADE' })
@Index('webhook_deliveries_due_idx', ['publicationId', 'webhookId', 'dueAt'], { where: `state = 'waiting'` })
@Index('webhook_deliveries_failed_idx', ['state'], { where: `state = 'failed'` })
@Index('webhook_deliveries_people_idx', ['people'], { type: 'gin' })
@Index('webhook_deliveries_webhook_idx', ['publicationId', 'webhookId', 'id'])
export class WebhookDelivery {
  @PrimaryColumn('uuid') publicationId: string;
  /** Also the `webhook-id` of every try. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') webhookId: string;
  @Column('text') eventKey: string;
  @Column('text') type: string;
  @Column('jsonb') data: Record<string, unknown>;
  /** Ids of the subscribers that `data` tells of, to find it by when one of them is erased. */
  @Column('uuid', { array: true }) people: string[];
  @Column('text') state: 'waiting' | 'delivered' | 'failed';
  /** Tries of the present round; a replay begins a new one. */
  @Column('integer') attempts: number;
  @Column('timestamptz') dueAt: Date;
  @Column('timestamptz', { nullable: true }) leaseUntil: Date | null;
  @Column('jsonb') tries: DeliveryTry[];
  /** When it happened. */
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) deliveredAt: Date | null;
}
