import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { lockAccess, lockProgram, programsToEnrol, updateProgram } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { readersAfter } from '../subscribers/enrolment.store.js';
import { Enrol } from './enrol.js';

const DAY_MS = 86_400_000;
const READERS_A_BATCH = 500;
const PROGRAMS_A_RUN = 100;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * Takes readers of today into a program that has begun to take readers by itself, a batch a transaction; where the last one
 * ended is kept with the program. Programs of a segment are gone through once a day besides: facts also come by ways that no
 * single reader's change is seen on, such as imports.
 */
@Injectable()
export class EnrolExisting {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly enrol: Enrol,
  ) {}

  async run(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - DAY_MS);
    for (const { publicationId, slug } of await programsToEnrol(this.database.reader, before, PROGRAMS_A_RUN)) {
      while (await this.database.transaction((tx) => this.batch(tx, publicationId, slug, before)));
    }
  }

  /** True when there are more. Of several processes the later ones wait for the program's row and go on from there. */
  private async batch(tx: Tx, publicationId: string, slug: string, before: Date): Promise<boolean> {
    await lockAccess(tx, publicationId, 'shared');
    const program = await lockProgram(tx, publicationId, slug);
    const after = program && placeOf(program, before);
    if (!after) return false;
    const readers = await readersAfter(tx, publicationId, after, READERS_A_BATCH);
    const now = this.clock.now();
    await this.enrol.all(tx, program, readers, now);
    const isLast = readers.length < READERS_A_BATCH;
    const place = isLast ? { enrolAfter: null, enrolledAt: now } : { enrolAfter: readers.at(-1)! };
    await updateProgram(tx, publicationId, program.id, place);
    return !isLast;
  }
}

/** The last reader who was looked at; null where nothing is to be done. */
function placeOf({ access, enrolAfter, enrolledAt }: Program, before: Date): string | null {
  if (enrolAfter !== null) return enrolAfter;
  return access === 'segment' && (enrolledAt === null || enrolledAt < before) ? BEFORE_ALL : null;
}
