import { DomainError } from '../../domain/errors.js';
import type { Tx } from '../../platform/database.js';
import { listPrograms } from '../../publications/program.store.js';
import type { Program } from '../../publications/publication.entities.js';

/** To choose from; empty where there is one alone. */
export type ProgramTabs = { slug: string; name: string; current: boolean }[];

/** The program that a page is about, and the others. Throws `request/not-found`. */
export async function programOfPage(
  tx: Tx,
  publicationId: string,
  slug: string,
): Promise<{ program: Program; tabs: ProgramTabs }> {
  const programs = await listPrograms(tx, publicationId);
  const program = programs.find((one) => one.slug === slug);
  if (program === undefined) throw new DomainError('request/not-found', 'There is no such program');
  const tabs = programs.map((one) => ({ slug: one.slug, name: one.name, current: one.slug === slug }));
  return { program, tabs: tabs.length < 2 ? [] : tabs };
}
