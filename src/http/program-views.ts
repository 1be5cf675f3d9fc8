import type { KNOWN_JOIN_FIELDS } from '../domain/join-fields.js';
import type { EmailProblem, PagePublication } from './page-publication.js';

/** What a program says of itself. */
export interface ShownProgram {
  slug: string;
  name: string;
  description: string | null;
  steps: { title: string; text: string | null }[];
  faq: { question: string; answer: string }[];
  termsUrl: string | null;
}

/** A field that a program adds to a form. */
export interface FormField {
  name: string;
  /** A name that the pages have words for: then `label` is null. */
  known: (typeof KNOWN_JOIN_FIELDS)[number] | null;
  label: string | null;
  options: string[] | null;
  required: boolean;
  value: string;
}

/** What the hub shows of programs. */
export interface HubPrograms {
  /** The one that is shown. */
  program: ShownProgram;
  /** To go to another; empty where there is none. `isIn` is false for one whose door the reader may stand at. */
  programs: ProgramLink[];
  /** The form for a colleague's contact; null where the program has none. */
  handIn: HandInForm | null;
}
interface ProgramLink {
  name: string;
  url: string;
  isHere: boolean;
  isIn: boolean;
}
interface HandInForm {
  action: string;
  program: string;
  typed: { email: string; agreed: boolean };
  problem: EmailProblem | 'not_agreed' | 'not_business' | null;
  /** Something has just been handed in. */
  isDone: boolean;
}

/** GET /hub/{token} of a reader who takes part in nothing. */
export interface NoProgramView {
  publication: PagePublication;
  programs: ProgramLink[];
}

/** GET /p/{publication}/{program}, and its POST with a bad address (422). Posts `email website`. */
export interface ProgramView {
  publication: PagePublication;
  program: ShownProgram;
  action: string;
  isByApplication: boolean;
  typed: { email: string };
  emailProblem: EmailProblem | null;
}

/** After POST /p/{publication}/{program}, the same for every address. */
export interface ProgramSentView {
  publication: PagePublication;
  programName: string;
  validHours: number;
  backUrl: string;
}

/** GET /hub/{token}/programs/{program}, for who may press. Posts `why` and the program's fields. */
export interface ProgramDoorView {
  publication: PagePublication;
  now: Date;
  program: ShownProgram;
  action: string;
  kind: 'join' | 'apply' | 'invited';
  /** Asked for with `apply`. */
  fields: FormField[];
}

/** The same, where there is nothing to press. */
export interface ProgramStandingView {
  publication: PagePublication;
  /** For days: the year is said only where it is not this one. */
  now: Date;
  program: ShownProgram;
  /** `closed`: not for this reader. */
  kind: 'waiting' | 'active' | 'declined' | 'closed';
  appliedAt: Date | null;
  requirements: { name: string; known: 'fee' | 'certified' | null; isMet: boolean }[];
  hubUrl: string;
}

/** POST /hub/{token}/leads with something to mend (422). Posts `program email agreed website`. */
export interface HandInView {
  publication: PagePublication;
  handIn: HandInForm;
  hubUrl: string;
}

/** GET /handed-in/{token}: the colleague is asked. */
export interface HandedInView {
  publication: PagePublication;
  token: string;
  /** Through `displayName`; null for a plain sentence. */
  referrerName: string | null;
  /** null once the colleague has agreed. */
  email: string | null;
}

/** GET /handed-in/{token}/stop. The button posts `List-Unsubscribe=One-Click`, as mail programs do. */
export interface HandedInStopView {
  publication: PagePublication;
  token: string;
}

/** After POST /handed-in/{token}/stop. */
export interface HandedInEndView {
  publication: PagePublication;
}

/** /handed-in/{token} when there is nothing left to answer. */
export interface HandedInGoneView {
  publication: PagePublication | null;
}
