import type { ImportPhase, Verdict } from '../domain/import-verdicts.js';
import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { Import } from './import.entities.js';

export async function insertImport(tx: Tx, made: Import): Promise<void> {
  await tx.getRepository(Import).insert(made);
}

export async function findImport(tx: Tx, publicationId: string, id: string): Promise<Import | null> {
  return tx.getRepository(Import).findOneBy({ publicationId, id });
}

export async function listImports(tx: Tx, publicationId: string, page: PageRequest): Promise<Import[]> {
  return rows(
    tx,
    `select * from imports where publication_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
    [publicationId, page.after, page.limit + 1],
  );
}

/** What is known of a file when its last row is staged. */
export async function noteStaged(
  tx: Tx,
  publicationId: string,
  id: string,
  staged: { total: number; failed: number; columns: Record<string, string>; ignoredColumns: string[] },
): Promise<void> {
  await tx.getRepository(Import).update({ publicationId, id }, staged);
}

/**
 * Locks the next import that is not finished, until the transaction ends; over all publications, the schedule serves everybody.
 * Those on which another process is at work are skipped. The lock is all the claim there is: it ends with its holder, however
 * that ends, so that nobody waits for a lease of the dead. Of two files of a publication the first is taken in first, and whole:
 * the second says what the first has not. Imports that have failed before wait for those of other publications.
 * @param publicationId null for all
 */
export async function lockNextImport(tx: Tx, publicationId: string | null): Promise<Import | null> {
  return oneRow(
    tx,
    `select * from imports i where i.state in ('waiting', 'running') and ($1::uuid is null or i.publication_id = $1)
       and not exists (
         select 1 from imports earlier where earlier.state in ('waiting', 'running') and earlier.publication_id = i.publication_id
           and (earlier.created_at, earlier.id) < (i.created_at, i.id))
     order by i.attempts, i.created_at limit 1 for no key update of i skip locked`,
    [publicationId],
  );
}

/**
 * For statements over thousands of rows, until the transaction ends: every look-up of a batch has an index (import-sql.ts says
 * why the planner does not know), and compiling a statement takes longer than running it.
 */
export async function prepareForBatch(tx: Tx): Promise<void> {
  await tx.query(`set local enable_seqscan = off`);
  await tx.query(`set local jit = off`);
  await tx.query(`set local work_mem = '64MB'`);
}

/** How far it has come; in the transaction of the work itself. */
export async function noteProgress(
  tx: Tx,
  { publicationId, id }: Import,
  to: { phase: ImportPhase; atRow: number },
): Promise<void> {
  await tx.getRepository(Import).update({ publicationId, id }, { ...to, state: 'running', attempts: 0, error: null });
}

export async function noteEnd(
  tx: Tx,
  { publicationId, id }: Import,
  verdicts: Partial<Record<Verdict, number>>,
  now: Date,
): Promise<void> {
  const end = { state: 'done' as const, phase: 'end' as const, verdicts, finishedAt: now, error: null };
  await tx.getRepository(Import).update({ publicationId, id }, end);
}

/** After so many tries at the same place a person has to look; what was done until there stays. */
const MOST_ATTEMPTS = 5;

/** Answers whether it is given up. */
export async function noteFailure(tx: Tx, publicationId: string, id: string, error: string): Promise<boolean> {
  const [noted] = await rows<{ state: string }>(
    tx,
    `update imports set attempts = attempts + 1, error = $3, state = case when attempts + 1 >= $4 then 'failed' else state end
     where publication_id = $1 and id = $2 and state in ('waiting', 'running') returning state`,
    [publicationId, id, error, MOST_ATTEMPTS],
  );
  return noted?.state === 'failed';
}

/** Takes away rows of files that were finished before a moment: they hold addresses, and the verdicts were read long ago. */
export async function forgetRows(tx: Tx, before: Date): Promise<void> {
  await tx.query(
    `delete from import_rows r using imports i
     where i.finished_at < $1 and r.publication_id = i.publication_id and r.import_id = i.id`,
    [before],
  );
}
