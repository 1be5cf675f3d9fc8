import type { messageProblem, ShareVariant } from '../domain/share-words.js';
import type { BoardPlace } from '../flows/read-board.js';
import type { Locale } from '../platform/templates.js';
import type { PagePublication } from './page-publication.js';

/** The way between the pages of a reader. */
export interface HubNav {
  /** `/hub/{token}`, without an end. */
  path: string;
  /** `?program={slug}` where the reader takes part in several; else empty. */
  query: string;
  hasBoard: boolean;
}

/** What a reader says to friends. Posts `message`, or `again` to go back to the program's words, with `program` and `for`. */
export interface ShareWords {
  /** A slug, for the form; null where the reader takes part in one only. */
  program: string | null;
  /** What was typed, kept when it comes back with a problem; null: the message that is said. */
  typed: string | null;
  problem: ReturnType<typeof messageProblem>;
  /** They have just been kept. */
  isKept: boolean;
  /** What is said is the reader's own. */
  isOwn: boolean;
  /** UTF-16 units. */
  longest: number;
  /** For whom there are other words, by what of the friend; the first, with `by` null, is everybody. Empty where there are none. */
  variants: { by: ShareVariant['by'] | null; choices: { label: string | null; url: string; isHere: boolean }[] }[];
  qrUrl: string;
  qrPngUrl: string;
}

/** GET /hub/{token}/settings, and its POST with something wrong (422). Posts `firstName locale showName programMails`. */
export interface SettingsView {
  publication: PagePublication;
  nav: HubNav;
  typed: { firstName: string; locale: Locale; showsName: boolean; programMails: boolean };
  /** The first name is one that is shown to nobody. */
  isBadName: boolean;
  /** They have just been kept. */
  isSaved: boolean;
}

/** GET /hub/{token}/board, and its POST with something wrong (422). Posts `boardName`. */
export interface BoardView {
  publication: PagePublication;
  now: Date;
  nav: HubNav;
  /** Its name, in the reader's language. */
  month: string;
  places: BoardPlace[];
  typed: string;
  isBadName: boolean;
  isSaved: boolean;
}

/** GET /hub/{token}/erase. */
export interface EraseView {
  publication: PagePublication;
  nav: HubNav;
  /** What would not reach the reader any more. */
  unsent: string[];
}

/** After POST /hub/{token}/erase. */
export interface ErasedView {
  publication: PagePublication;
}
