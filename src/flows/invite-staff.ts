import { Injectable } from '@nestjs/common';
import type { Address } from '../domain/email.js';
import type { StaffActor } from '../domain/permissions.js';
import { INVITATION_VALID_DAYS, type StaffRole } from '../domain/staff.js';
import { displayName } from '../domain/text.js';
import { enqueueStaffMail } from '../mail/outbox.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import type { StaffLink } from '../staff/account.entities.js';
import { findAccountByEmail, lockMemberships } from '../staff/account.store.js';
import { insertLink } from '../staff/link.store.js';
import { Audit } from './audit.js';

const DAY_MS = 86_400_000;

/** Whom an administrator asks to work on a publication. */
interface Invited {
  address: Address;
  role: StaffRole;
  /** The administrator. */
  from: { id: string; name: string };
}

/** Invites somebody to work here. What they become shows when they accept. */
@Injectable()
export class InviteStaff {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly audit: Audit,
  ) {}

  /** By mail. A second invitation of an address takes the place of the first. */
  byMail(publicationId: string, { address, role, from }: Invited, by: StaffActor): Promise<'invited' | 'here_already'> {
    return this.database.transaction(async (tx) => {
      const members = await lockMemberships(tx, publicationId);
      const known = await findAccountByEmail(tx, address.emailKey);
      if (members.some(({ accountId }) => accountId === known?.id)) return 'here_already';
      const link = this.link(address, role, publicationId, from.id);
      await insertLink(tx, link);
      await enqueueStaffMail(tx, publicationId, {
        id: this.ids.next(),
        recipient: address.address,
        message: 'staff-invitation',
        data: { linkId: link.id, role, invitedBy: displayName(from.name) },
        dedupeKey: `staff-invitation:${link.id}`,
        now: link.createdAt,
      });
      const invited = { act: 'staff.invite', subject: { kind: 'invitation', id: link.id }, data: { role } };
      await this.audit.within(tx, publicationId, by, invited, link.createdAt);
      return 'invited';
    });
  }

  /** By a link that the caller hands over, as the command line does: to a publication, or as operator of the instance. */
  async byLink(address: Address, to: { publicationId: string; role: StaffRole } | 'operator'): Promise<StaffLink> {
    const link =
      to === 'operator'
        ? this.link(address, 'operator', null, null)
        : this.link(address, to.role, to.publicationId, null);
    await this.database.transaction((tx) => insertLink(tx, link));
    return link;
  }

  private link(
    { address, emailKey }: Address,
    role: StaffLink['role'],
    publicationId: string | null,
    invitedBy: string | null,
  ): StaffLink {
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + INVITATION_VALID_DAYS * DAY_MS);
    return {
      id: this.ids.next(), purpose: 'invitation', email: address, emailKey, accountId: null, publicationId, role, invitedBy,
      createdAt: now, expiresAt, usedAt: null,
    }; // prettier-ignore
  }
}
