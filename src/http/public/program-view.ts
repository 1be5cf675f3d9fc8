import { type AskedField, askedFields, KNOWN_JOIN_FIELDS } from '../../domain/join-fields.js';
import { ticked } from '../../domain/participation.js';
import type { KnownProgram } from '../../flows/read-doors.js';
import type { Program } from '../../publications/publication.entities.js';
import type { Participant } from '../../subscribers/subscriber.entities.js';
import type { FormField, HubPrograms, ShownProgram } from '../program-views.js';

/** What a program says of itself. */
export function shownProgram({ slug, name, description, steps, faq, termsUrl }: Program): ShownProgram {
  return { slug, name, description, steps: steps.map(({ title, text }) => ({ title, text })), faq, termsUrl };
}

/** The fields that a program adds to a form, with what was typed. */
export function formFields(program: Program, typed: Readonly<Record<string, unknown>>): FormField[] {
  return askedFields(program.joinFields).map((field) => ({
    ...field,
    known: knownName(field),
    value: typeof typed[field.name] === 'string' ? (typed[field.name] as string) : '',
  }));
}

function knownName({ name, label }: AskedField): FormField['known'] {
  return label === null ? (KNOWN_JOIN_FIELDS.find((known) => known === name) ?? null) : null;
}

const KNOWN_REQUIREMENTS = ['fee', 'certified'] as const;

/** What is required of an applicant, and what of it is done. */
export function shownRequirements(program: Program, participant: Participant) {
  return Object.entries(ticked(program.requirements, participant.requirements)).map(([name, isMet]) => ({
    name,
    known: KNOWN_REQUIREMENTS.find((known) => known === name) ?? null,
    isMet,
  }));
}

/** The switch between the programs of a reader; nothing where there is nothing to choose. */
export function programLinks(
  hubPath: string,
  programs: readonly KnownProgram[],
  here: string | null,
): HubPrograms['programs'] {
  const links = programs.map(({ program: { slug, name }, isIn }) => ({
    name,
    url: isIn ? `${hubPath}?program=${slug}` : `${hubPath}/programs/${slug}`,
    isHere: slug === here,
    isIn,
  }));
  return links.length > 1 || links.some(({ isHere }) => !isHere) ? links : [];
}

/** What the hub shows of the program that it is in, and of others. */
export function hubPrograms(
  hubPath: string,
  program: Program,
  programs: readonly KnownProgram[],
  isHandedIn: boolean,
): HubPrograms {
  const form = {
    action: `${hubPath}/leads`,
    program: program.slug,
    typed: { email: '', agreed: false },
    problem: null,
    isDone: isHandedIn,
  };
  return {
    program: shownProgram(program),
    programs: programLinks(hubPath, programs, program.slug),
    handIn: program.handIn ? form : null,
  };
}
