import type { Tx } from '../platform/database.js';
import { listPrograms } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { type ParticipantCard, participantsOf } from '../subscribers/participant.store.js';

/** The programs of a reader, and the one of them that a page is about. */
export interface OwnPrograms {
  programs: Program[];
  program: Program;
  participant: ParticipantCard;
}

/**
 * The programs that a reader takes part in, and the one of them that is asked for by its slug; the first where they are not in
 * that. Null for a reader who takes part in none.
 */
export async function ownPrograms(
  tx: Tx,
  publicationId: string,
  subscriberId: string,
  slug: string | null,
): Promise<OwnPrograms | null> {
  const own = await participantsOf(tx, publicationId, [subscriberId]);
  const programs = (await listPrograms(tx, publicationId)).filter(({ id }) => own.some((p) => p.programId === id));
  const program = programs.find((one) => one.slug === slug) ?? programs[0];
  const participant = own.find(({ programId }) => programId === program?.id);
  return program === undefined || participant === undefined ? null : { programs, program, participant };
}
