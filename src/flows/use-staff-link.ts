import { Injectable } from '@nestjs/common';
import type { Address } from '../domain/email.js';
import { DomainError } from '../domain/errors.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { hashPassword } from '../platform/passwords.js';
import type { Locale } from '../platform/templates.js';
import { Tokens } from '../platform/tokens.js';
import type { Publication } from '../publications/publication.entities.js';
import { findPublication } from '../publications/publication.store.js';
import type { Account, StaffLink } from '../staff/account.entities.js';
import {
  findAccount,
  findAccountByEmail,
  insertAccount,
  putMembership,
  updateAccount,
} from '../staff/account.store.js';
import { findLink, useLink } from '../staff/link.store.js';
import { Audit } from './audit.js';
import { type Browser, OpenSession } from './open-session.js';

/** Where a link leads. */
export interface OpenLink {
  purpose: StaffLink['purpose'];
  email: string | null;
  role: StaffLink['role'];
  expiresAt: Date | null;
  publication: Publication | null;
  /** The name of who invites; null where that was the command line. */
  invitedBy: string | null;
  /** Nobody has an account with this address yet: who accepts says a name. */
  isNew: boolean;
}

/** What somebody new says of themselves. */
interface Newcomer {
  name: string;
  /** null: signs in by mail only. */
  password: string | null;
  locale: Locale;
}

/** A link that lets somebody in once: the first account's, an invitation, or a mailed sign-in link. */
@Injectable()
export class UseStaffLink {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly tokens: Tokens,
    private readonly audit: Audit,
    private readonly openSession: OpenSession,
  ) {}

  /** Null for one that was used, has ended, or never was. Changes nothing. */
  async read(token: string): Promise<OpenLink | null> {
    const tx = this.database.reader;
    const link = await this.find(token);
    if (link === null || link.usedAt !== null || this.hasEnded(link)) return null;
    const known = link.emailKey === null ? null : await findAccountByEmail(tx, link.emailKey);
    const inviter = link.invitedBy === null ? null : await findAccount(tx, link.invitedBy);
    return {
      purpose: link.purpose,
      email: link.email,
      role: link.role,
      expiresAt: link.expiresAt,
      publication: link.publicationId === null ? null : await findPublication(tx, link.publicationId),
      invitedBy: inviter?.name ?? null,
      isNew: link.purpose !== 'sign_in' && known === null,
    };
  }

  /**
   * Uses the link up and signs in whom it is for. Answers the token of the session, or null as `read`.
   * @param newcomer needed where `read` says that somebody is new; `address` of the first account is what they typed
   */
  async accept(
    token: string,
    newcomer: (Newcomer & { address: Address | null }) | null,
    browser: Browser,
  ): Promise<string | null> {
    const found = await this.find(token);
    if (found === null) return null;
    const passwordHash = newcomer?.password == null ? null : await hashPassword(newcomer.password);
    return this.database.transaction(async (tx) => {
      const link = await useLink(tx, found.id, this.clock.now());
      if (link === null) return null;
      const account = await this.accountOf(tx, link, newcomer && { ...newcomer, passwordHash });
      // Thrown, so that the link is not used up for nothing.
      if (account === null) throw new DomainError('service/conflict');
      await this.giveRole(tx, link, account);
      return this.openSession.within(tx, account.id, browser);
    });
  }

  private async find(token: string): Promise<StaffLink | null> {
    const subject = this.tokens.read('staff', token);
    return subject === null ? null : findLink(this.database.reader, subject.id);
  }

  private hasEnded({ expiresAt }: StaffLink): boolean {
    return expiresAt !== null && expiresAt <= this.clock.now();
  }

  private async accountOf(
    tx: Tx,
    link: StaffLink,
    newcomer: (Newcomer & { address: Address | null; passwordHash: string | null }) | null,
  ): Promise<Account | null> {
    if (link.purpose === 'sign_in') return link.accountId === null ? null : findAccount(tx, link.accountId);
    const [email, emailKey] =
      link.purpose === 'first'
        ? [newcomer?.address?.address, newcomer?.address?.emailKey]
        : [link.email, link.emailKey];
    if (email == null || emailKey == null) return null;
    if (newcomer !== null) {
      const { name, locale, passwordHash } = newcomer;
      const operator = link.purpose === 'first';
      const account = { id: this.ids.next(), email, emailKey, name, passwordHash, locale, operator, createdAt: this.clock.now() }; // prettier-ignore
      if (await insertAccount(tx, account)) return account;
    }
    return link.purpose === 'first' ? null : findAccountByEmail(tx, emailKey);
  }

  private async giveRole(tx: Tx, { purpose, publicationId, role }: StaffLink, account: Account): Promise<void> {
    if (purpose !== 'invitation' || role === null) return;
    if (role === 'operator') return updateAccount(tx, account.id, { operator: true });
    if (publicationId === null) return;
    const now = this.clock.now();
    await putMembership(tx, { publicationId, accountId: account.id, role, createdAt: now });
    const by = { actor: `account:${account.id}`, role };
    const joined = { act: 'staff.join', subject: { kind: 'account', id: account.id }, data: { role } };
    await this.audit.within(tx, publicationId, by, joined, now);
  }
}
