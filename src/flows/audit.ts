import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../domain/permissions.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { insertAuditEntry } from '../staff/audit.store.js';

/** What was decided, about what and about whom. */
interface Audited {
  /** `{kind}.{verb}`, such as `grant.revoke`. */
  act: string;
  subject: { kind: string; id: string };
  /** Subscribers whom the note may name: when one of them is erased, it is emptied. */
  people?: readonly string[];
  /** Shared by the entries of one call that have one note. */
  batch?: string;
  note?: string | null;
  /** Ids, states and settings; nothing personal, since nobody empties it. */
  data?: Record<string, unknown>;
}

/** Writes down what a key decided, in the transaction of the decision. */
@Injectable()
export class Audit {
  constructor(private readonly ids: Ids) {}

  within(tx: Tx, publicationId: string, by: StaffActor, audited: Audited, now: Date): Promise<void> {
    const { act, subject, people = [], batch = null, note = null, data = {} } = audited;
    return insertAuditEntry(tx, {
      publicationId,
      id: this.ids.next(),
      ...by,
      act,
      subjectKind: subject.kind,
      subjectId: subject.id,
      people: [...people],
      batch,
      note,
      data,
      at: now,
    });
  }
}
