import { Injectable } from '@nestjs/common';
import { invalid } from '../domain/errors.js';
import { readListEntry } from '../domain/fraud/list-entry.js';
import type { StaffActor } from '../domain/permissions.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import type { FraudListEntry } from '../referrals/fraud.entities.js';
import { addListEntry, removeListEntry } from '../referrals/fraud-list.store.js';
import { Audit } from './audit.js';

/** Staff block somebody, or allow somebody whom the checks take for what they are not. Decides about confirmations from then on. */
@Injectable()
export class ChangeFraudLists {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly audit: Audit,
  ) {}

  /** Answers the entry, and whether it is new. Throws `request/invalid` for a value that is not of its kind. */
  add(
    publicationId: string,
    entry: Pick<FraudListEntry, 'list' | 'kind' | 'note'> & { value: string },
    by: StaffActor,
  ) {
    const read = readListEntry(entry.kind, entry.value);
    if (!read.ok) throw invalid('value', read.message);
    const { value, key } = read;
    const row = { ...entry, value, key, id: this.ids.next(), createdAt: this.clock.now() };
    return this.database.transaction(async (tx) => {
      const added = await addListEntry(tx, publicationId, row);
      const { id, list, kind } = added.entry;
      // Whom it names stands in the entry alone, where an erasure finds it.
      const audited = { act: 'fraud-list.add', subject: { kind: 'fraud-list', id }, data: { list, kind } };
      if (added.isNew) await this.audit.within(tx, publicationId, by, audited, row.createdAt);
      return added;
    });
  }

  /** False when there is no such entry. */
  remove(publicationId: string, id: string, by: StaffActor): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (!(await removeListEntry(tx, publicationId, id))) return false;
      const audited = { act: 'fraud-list.remove', subject: { kind: 'fraud-list', id } };
      await this.audit.within(tx, publicationId, by, audited, this.clock.now());
      return true;
    });
  }
}
