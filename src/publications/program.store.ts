import { oneRow, rows, type Tx } from '../platform/database.js';
import { Program } from './publication.entities.js';

/** Throws 23505 when the slug is taken. */
export async function insertProgram(tx: Tx, program: Program): Promise<void> {
  await tx.getRepository(Program).insert(program);
}

/** Programs whose readers are being enrolled, or were last looked at before a moment and are of a segment. Over all publications: a job serves everybody. */
export async function programsToEnrol(
  tx: Tx,
  before: Date,
  limit: number,
): Promise<Pick<Program, 'publicationId' | 'id' | 'slug'>[]> {
  return rows(
    tx,
    `select publication_id, id, slug from programs
     where enrol_after is not null or (access = 'segment' and (enrolled_at is null or enrolled_at < $1)) order by id limit $2`,
    [before, limit],
  );
}

export async function findProgram(tx: Tx, publicationId: string, slug: string): Promise<Program | null> {
  return tx.getRepository(Program).findOneBy({ publicationId, slug });
}

/** As findProgram, locked until the transaction ends. */
export async function lockProgram(tx: Tx, publicationId: string, slug: string): Promise<Program | null> {
  return oneRow(tx, `select * from programs where publication_id = $1 and slug = $2 for no key update`, [
    publicationId,
    slug,
  ]);
}

export async function getProgram(tx: Tx, publicationId: string, id: string): Promise<Program> {
  return tx.getRepository(Program).findOneByOrFail({ publicationId, id });
}

/** All programs, `default` first, then in the order of their making. A publication has a handful. */
export async function listPrograms(tx: Tx, publicationId: string): Promise<Program[]> {
  return rows(tx, `select * from programs where publication_id = $1 order by slug <> 'default', id`, [publicationId]);
}

export async function updateProgram(
  tx: Tx,
  publicationId: string,
  id: string,
  changes: Partial<Program>,
): Promise<void> {
  if (Object.keys(changes).length > 0) await tx.getRepository(Program).update({ publicationId, id }, changes);
}

/**
 * Held by everything that moves counts or grants of a program, until its transaction ends. Shared among confirmations;
 * a change of the ladder takes it alone, so that nobody crosses a milestone unseen while it is being made.
 * An advisory lock and not the program's row: a share lock writes to the row, and all confirmations would meet there.
 */
export async function lockLadder(
  tx: Tx,
  publicationId: string,
  programId: string,
  mode: 'shared' | 'alone',
): Promise<void> {
  const take = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await tx.query(`select ${take}(hashtextextended($1, 0))`, [`ladder/${publicationId}/${programId}`]);
}

/**
 * Held until the transaction ends by everything that enrols readers by a program's access, shared; a change of access takes it
 * alone. So a reader who signs up meanwhile is seen by one of the two: by their own signup or by the enrolment of all that follows.
 */
export async function lockAccess(tx: Tx, publicationId: string, mode: 'shared' | 'alone'): Promise<void> {
  const take = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await tx.query(`select ${take}(hashtextextended($1, 0))`, [`access/${publicationId}`]);
}
