import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import type { StaffActor } from '../domain/permissions.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { deleteApiKey, lockKeyAndAdmins } from '../staff/api-key.store.js';
import { Audit } from './audit.js';

/** Takes a key of a publication out of use. */
@Injectable()
export class RemoveApiKey {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /**
   * Throws `request/not-found`, and `api-key/last-admin` for the one that makes all others: nobody could get in any more. Two
   * admin keys that remove each other at the same moment stand in line.
   */
  run(publicationId: string, id: string, by: StaffActor): Promise<void> {
    return this.database.transaction(async (tx) => {
      const locked = await lockKeyAndAdmins(tx, publicationId, id);
      const key = locked.find((one) => one.id === id);
      if (key === undefined) throw new DomainError('request/not-found', 'There is no such key');
      const admins = locked.filter(({ role }) => role === 'admin');
      if (key.role === 'admin' && admins.length === 1) throw new DomainError('api-key/last-admin');
      await deleteApiKey(tx, publicationId, id);
      const removed = { act: 'api-key.remove', subject: { kind: 'api-key', id }, data: { role: key.role } };
      await this.audit.within(tx, publicationId, by, removed, this.clock.now());
    });
  }
}
