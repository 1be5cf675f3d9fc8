import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** Somebody who works here, in any number of publications. Directory: who signs in brings nothing but an address. */
@Entity('accounts')
@Unique(['emailKey'])
@Check('accounts_locale_check', `locale in ('en', 'ja')`)
export class Account {
  @PrimaryColumn('uuid') id: string;
  @Column('text') email: string;
  @Column('text') emailKey: string;
  @Column('text') name: string;
  /** argon2id in its own text form, with parameters and salt; null for who signs in by mail only. */
  @Column('text', { nullable: true }) passwordHash: string | null;
  @Column('text') locale: 'en' | 'ja';
  /** Admin of every publication, and makes new ones. */
  @Column('boolean') operator: boolean;
  @Column('timestamptz') createdAt: Date;
}

/** Where somebody works, and as what. */
@Entity('memberships')
@Check('memberships_role_check', `role in ('admin', 'editor', 'marketing')`)
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
@ForeignKey('Account', ['accountId'], ['id'], { onDelete: 'CASCADE' })
@Index('memberships_account_idx', ['accountId'])
export class Membership {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') accountId: string;
  @Column('text') role: 'admin' | 'editor' | 'marketing';
  @Column('timestamptz') createdAt: Date;
}

/** A browser in which somebody is signed in. Directory: found by the hash of its cookie, which is stored nowhere else. */
@Entity('staff_sessions')
@ForeignKey('Account', ['accountId'], ['id'], { onDelete: 'CASCADE' })
@Index('staff_sessions_account_idx', ['accountId'])
@Index('staff_sessions_expires_at_idx', ['expiresAt'])
export class StaffSession {
  @PrimaryColumn('bytea') tokenHash: Buffer;
  @Column('uuid') accountId: string;
  /** The user agent, shortened: people tell their browsers apart by it. */
  @Column('text') browser: string;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') lastUsedAt: Date;
  @Column('timestamptz') expiresAt: Date;
}

/**
 * A link that lets somebody in once. The token in it names the row and is derived whenever it is needed, so nothing here
 * opens anything. Directory: it is found before anybody knows whose it is.
 */
@Entity('staff_links')
@Check('staff_links_purpose_check', `purpose in ('first', 'invitation', 'sign_in')`)
@Check('staff_links_role_check', `role in ('operator', 'admin', 'editor', 'marketing')`)
@ForeignKey('Account', ['accountId'], ['id'], { onDelete: 'CASCADE' })
@ForeignKey('Account', ['invitedBy'], ['id'], { onDelete: 'SET NULL' })
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
@Index('staff_links_first_idx', ['purpose'], { unique: true, where: `purpose = 'first'` })
@Index('staff_links_invitation_idx', ['publicationId', 'emailKey'], {
  unique: true,
  where: `purpose = 'invitation' and used_at is null`,
})
@Index('staff_links_expires_at_idx', ['expiresAt'])
export class StaffLink {
  @PrimaryColumn('uuid') id: string;
  @Column('text') purpose: 'first' | 'invitation' | 'sign_in';
  /** Whom an invitation is for; null for the first account, whose owner says. */
  @Column('text', { nullable: true }) email: string | null;
  @Column('text', { nullable: true }) emailKey: string | null;
  /** Whom a sign-in link lets in; null also where the address was nobody's, so that asking costs the same. */
  @Column('uuid', { nullable: true }) accountId: string | null;
  @Column('uuid', { nullable: true }) publicationId: string | null;
  /** What an invitation makes of somebody; `operator` belongs to no publication. */
  @Column('text', { nullable: true }) role: 'operator' | 'admin' | 'editor' | 'marketing' | null;
  @Column('uuid', { nullable: true }) invitedBy: string | null;
  @Column('timestamptz') createdAt: Date;
  /** null: until it is used. */
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;
  @Column('timestamptz', { nullable: true }) usedAt: Date | null;
}
