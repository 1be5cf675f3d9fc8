import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * When mails of a kind that a stranger can cause went to an address in the last day. Directory: the limit is the address's,
 * over all publications. `address` is a keyed hash of kind and address, so that the table tells nobody who reads what.
 */
@Entity('mail_limits')
@Index('mail_limits_latest_idx', ['latest'])
export class MailLimit {
  @PrimaryColumn('bytea') address: Buffer;
  @Column('timestamptz', { array: true }) recent: Date[];
  @Column('timestamptz') latest: Date;
}

/** How often a network has sent forms that cause mail, in its present window. Directory: `network` is a keyed hash, no address is kept. */
@Entity('network_limits')
@Index('network_limits_ends_at_idx', ['endsAt'])
export class NetworkLimit {
  @PrimaryColumn('bytea') network: Buffer;
  @Column('timestamptz') endsAt: Date;
  @Column('integer') count: number;
}
