import { Injectable } from '@nestjs/common';
import { USUAL_PROGRAM_MAILS } from '../domain/program-mails.js';
import { DomainError } from '../domain/errors.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import type { Publication } from '../publications/publication.entities.js';
import { newProgram } from '../publications/new-program.js';
import { insertProgram } from '../publications/program.store.js';
import { insertPublication } from '../publications/publication.store.js';
import { CreateApiKey, type NewApiKey } from './create-api-key.js';

type NewPublication = Omit<Publication, 'id' | 'createdAt' | 'programMails'> &
  Partial<Pick<Publication, 'programMails'>>;

/** A new publication, with the program that every publication has. Throws `publication/slug-taken`. */
@Injectable()
export class CreatePublication {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly createApiKey: CreateApiKey,
  ) {}

  /** For who has no account: with the first key to it. */
  run(settings: NewPublication): Promise<{ publication: Publication; apiKey: NewApiKey }> {
    return this.database.transaction(async (tx) => {
      const publication = await this.within(tx, settings);
      const apiKey = await this.createApiKey.within(tx, publication.id, { role: 'admin', name: 'first key' });
      return { publication, apiKey };
    });
  }

  runWithoutKey(settings: NewPublication): Promise<Publication> {
    return this.database.transaction((tx) => this.within(tx, settings));
  }

  private async within(tx: Tx, settings: NewPublication): Promise<Publication> {
    const createdAt = this.clock.now();
    const publication = { programMails: USUAL_PROGRAM_MAILS, ...settings, id: this.ids.next(), createdAt };
    if (!(await insertPublication(tx, publication))) {
      throw new DomainError('publication/slug-taken', `The slug ${publication.slug} is taken`);
    }
    const program = { publicationId: publication.id, id: this.ids.next(), slug: 'default', name: publication.name };
    await insertProgram(tx, newProgram({ ...program, access: 'auto', createdAt }));
    return publication;
  }
}
