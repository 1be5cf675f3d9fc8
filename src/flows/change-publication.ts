import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../domain/permissions.js';
import type { ProgramMailSettings } from '../domain/program-mails.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import type { Publication } from '../publications/publication.entities.js';
import { lockPublication, updatePublication } from '../publications/publication.store.js';
import { Audit } from './audit.js';

/** What is not there is not changed, inside of `programMails` too. */
type PublicationChange = {
  [Name in keyof Omit<Publication, 'id' | 'slug' | 'createdAt' | 'programMails'>]?: Publication[Name] | undefined;
} & { programMails?: { [Name in keyof ProgramMailSettings]?: ProgramMailSettings[Name] | undefined } | undefined };

/** Staff change settings of a publication. The row is locked, since the settings of mails are put together from what is there. */
@Injectable()
export class ChangePublication {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** Answers the publication as it is then. What is as it was is not written down as a change. */
  run(publicationId: string, change: PublicationChange, by: StaffActor): Promise<Publication> {
    return this.database.transaction(async (tx) => {
      const before = await lockPublication(tx, publicationId);
      const programMails = { ...before.programMails, ...named(change.programMails ?? {}) };
      const after: Publication = { ...before, ...named(change), programMails };
      const changes = differences(before, after);
      if (Object.keys(changes).length === 0) return before;
      await updatePublication(tx, publicationId, changes);
      const audited = {
        act: 'publication.change',
        subject: { kind: 'publication', id: publicationId },
        data: { ...changes },
      };
      await this.audit.within(tx, publicationId, by, audited, this.clock.now());
      return after;
    });
  }
}

function named<Change extends object>(
  change: Change,
): Partial<{ [Name in keyof Change]: Exclude<Change[Name], undefined> }> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as never;
}

function differences(before: Publication, after: Publication): Partial<Publication> {
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Publication]),
  );
  return Object.fromEntries(changed);
}
