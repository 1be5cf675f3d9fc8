import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import type { StaffActor } from '../domain/permissions.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, sqlState, type Tx } from '../platform/database.js';
import { newProgram } from '../publications/new-program.js';
import { insertProgram, listPrograms, lockAccess } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { Audit } from './audit.js';
import { ChangeProgram, type ProgramChange } from './change-program.js';

/** Pages and answers show all programs of a publication at once. */
const MOST_PROGRAMS = 50;

type NamedSettings = ProgramChange & { name: string };

/** A further program of a publication, with a ladder and share codes of its own. */
@Injectable()
export class CreateProgram {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly changeProgram: ChangeProgram,
    private readonly audit: Audit,
  ) {}

  /** Throws `program/slug-taken`, `program/too-many`, and what a change of settings throws. */
  run(publicationId: string, slug: string, settings: NamedSettings, by: StaffActor): Promise<Program> {
    return this.database.transaction((tx) => this.within(tx, publicationId, slug, settings, by));
  }

  /** As run; the transaction cannot go on after `program/slug-taken`. */
  async within(tx: Tx, publicationId: string, slug: string, settings: NamedSettings, by: StaffActor): Promise<Program> {
    await lockAccess(tx, publicationId, 'alone');
    if ((await listPrograms(tx, publicationId)).length >= MOST_PROGRAMS) {
      throw new DomainError('program/too-many', `A publication has at most ${MOST_PROGRAMS} programs`);
    }
    const made = { publicationId, id: this.ids.next(), slug, createdAt: this.clock.now() };
    // By invitation until the settings are there: a change to what takes readers by itself is what enrols them.
    await this.insert(tx, newProgram({ ...made, name: settings.name, access: 'invite' }));
    const asked = { ...settings, access: settings.access ?? 'open' };
    const program = await this.changeProgram.within(tx, publicationId, slug, asked);
    const audited = { act: 'program.create', subject: { kind: 'program', id: made.id }, data: { slug, ...asked } };
    await this.audit.within(tx, publicationId, by, audited, made.createdAt);
    return program;
  }

  private async insert(tx: Tx, program: Program): Promise<void> {
    try {
      await insertProgram(tx, program);
    } catch (error) {
      if (sqlState(error) !== '23505') throw error;
      throw new DomainError('program/slug-taken', `The slug ${program.slug} is taken`);
    }
  }
}
