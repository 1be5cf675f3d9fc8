import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import type { StaffActor } from '../domain/permissions.js';
import type { StaffRole } from '../domain/staff.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import type { Membership } from '../staff/account.entities.js';
import { deleteMembership, lockMemberships, putMembership } from '../staff/account.store.js';
import { deleteInvitation } from '../staff/link.store.js';
import { Audit } from './audit.js';

/**
 * Changes who works on a publication. Nobody changes their own role, and who acts is looked at again under the lock: so of two
 * admins who remove each other one stays, and a publication that had an admin always has one.
 */
@Injectable()
export class ManageStaff {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** Throws `request/not-found`, `staff/yourself`, and `staff/not-allowed` for who is no admin any more. */
  changeRole(publicationId: string, accountId: string, role: StaffRole, by: StaffActor): Promise<void> {
    return this.database.transaction(async (tx) => {
      const member = await this.lockOne(tx, publicationId, accountId, by);
      if (member.role === role) return;
      await putMembership(tx, { ...member, role });
      await this.note(tx, publicationId, by, 'staff.change', accountId, { from: member.role, to: role });
    });
  }

  /** As changeRole. Their open pages end with the next request. */
  remove(publicationId: string, accountId: string, by: StaffActor): Promise<void> {
    return this.database.transaction(async (tx) => {
      const member = await this.lockOne(tx, publicationId, accountId, by);
      await deleteMembership(tx, publicationId, accountId);
      await this.note(tx, publicationId, by, 'staff.remove', accountId, { role: member.role });
    });
  }

  /** Throws `request/not-found` for an invitation that was accepted, taken back, or never was. */
  takeBack(publicationId: string, invitationId: string, by: StaffActor): Promise<void> {
    return this.database.transaction(async (tx) => {
      const gone = await deleteInvitation(tx, publicationId, invitationId);
      if (gone === null) throw new DomainError('request/not-found', 'There is no such invitation');
      const taken = { act: 'staff.uninvite', subject: { kind: 'invitation', id: invitationId } };
      await this.audit.within(tx, publicationId, by, taken, this.clock.now());
    });
  }

  private async lockOne(tx: Tx, publicationId: string, accountId: string, by: StaffActor): Promise<Membership> {
    if (by.actor === `account:${accountId}`) throw new DomainError('staff/yourself');
    const members = await lockMemberships(tx, publicationId);
    const actor = members.find((one) => by.actor === `account:${one.accountId}`);
    if (by.role !== 'operator' && actor?.role !== 'admin') throw new DomainError('staff/not-allowed');
    const member = members.find((one) => one.accountId === accountId);
    if (member === undefined) throw new DomainError('request/not-found', 'Nobody with this id works here');
    return member;
  }

  private note(
    tx: Tx,
    publicationId: string,
    by: StaffActor,
    act: string,
    accountId: string,
    data: Record<string, unknown>,
  ): Promise<void> {
    const subject = { kind: 'account', id: accountId };
    return this.audit.within(tx, publicationId, by, { act, subject, data }, this.clock.now());
  }
}
