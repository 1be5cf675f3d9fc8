import { Injectable } from '@nestjs/common';
import { invalid } from '../domain/errors.js';
import { readListEntry } from '../domain/fraud/list-entry.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import type { FraudListEntry } from '../referrals/fraud.entities.js';
import { addListEntry, removeListEntry } from '../referrals/fraud-list.store.js';

/** Staff block somebody, or allow somebody whom the checks take for what they are not. Decides about confirmations from then on. */
@Injectable()
export class ChangeFraudLists {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Answers the entry, and whether it is new. Throws `request/invalid` for a value that is not of its kind. */
  add(publicationId: string, entry: Pick<FraudListEntry, 'list' | 'kind' | 'note'> & { value: string }) {
    const read = readListEntry(entry.kind, entry.value);
    if (!read.ok) throw invalid('value', read.message);
    const { value, key } = read;
    const row = { ...entry, value, key, id: this.ids.next(), createdAt: this.clock.now() };
    return this.database.transaction((tx) => addListEntry(tx, publicationId, row));
  }

  /** False when there is no such entry. */
  remove(publicationId: string, id: string): Promise<boolean> {
    return this.database.transaction((tx) => removeListEntry(tx, publicationId, id));
  }
}
