import { unguardCell } from './csv.js';
import { parseAddress } from './email.js';
import { ATTRIBUTE_FIELDS, type Columns, columnKey, type ImportField } from './import-columns.js';
import { parseImportDate } from './import-dates.js';
import type { InvalidVerdict } from './import-verdicts.js';
import { normaliseShareCode } from './share-code.js';
import { textProblem } from './text.js';

/** A row as it is understood. Of one that is not good only `email`, `verdict` and `message` mean something. */
export interface ReadRow {
  email: string;
  emailKey: string | null;
  abuseKey: string | null;
  firstName: string | null;
  locale: 'en' | 'ja' | null;
  shareCode: string | null;
  referralCount: number | null;
  referredBy: string | null;
  referredByKey: string | null;
  confirmedAt: Date | null;
  createdAt: Date | null;
  externalId: string | null;
  attributes: Record<string, string> | null;
  verdict: InvalidVerdict | 'not_active' | null;
  message: string | null;
}

/** Marketing exports tell counts of this size at most; a larger one is another column. */
const MOST_REFERRALS = 1_000_000;
const LONGEST_TEXT = 200;
const LONGEST_TYPED = 320;
const DAY_MS = 86_400_000;
/** What platforms call a reader who may be written to. Whoever is called otherwise has left, or was never confirmed. */
const ACTIVE = new Set(['', 'active', 'subscribed', 'confirmed', 'enabled', 'true', '1']);

class BadCell extends Error {
  constructor(
    readonly field: ImportField,
    message: string,
  ) {
    super(message);
  }
}

/** Finds out what a row says, for any number of rows of one file. */
export class RowReader {
  private readonly dayFirst: boolean;

  constructor(
    private readonly columns: Columns,
    private readonly now: Date,
  ) {
    // The one vendor whose help page says so (import-columns.ts).
    this.dayFirst = Object.keys(columns.told).some((name) => columnKey(name) === 'registrationdate');
  }

  read(cells: readonly string[]): ReadRow {
    const typed = this.cell(cells, 'email');
    const { width } = this.columns;
    if (cells.length < width || cells.slice(width).some((cell) => cell.trim() !== '')) {
      return refused(typed, 'invalid_columns', `has ${cells.length} columns, the header has ${width}`);
    }
    try {
      return this.good(cells, typed);
    } catch (error) {
      if (error instanceof BadCell) return refused(typed, `invalid_${error.field}`, error.message);
      throw error;
    }
  }

  private good(cells: readonly string[], typed: string): ReadRow {
    const parsed = parseAddress(typed);
    if (!parsed.ok) throw new BadCell('email', parsed.message);
    const { address, emailKey, abuseKey } = parsed.address;
    const referredBy = this.text(cells, 'referredBy');
    const status = this.cell(cells, 'status').toLowerCase();
    const isActive = ACTIVE.has(status);
    return {
      email: address,
      emailKey,
      abuseKey,
      firstName: this.text(cells, 'firstName'),
      locale: this.locale(cells),
      shareCode: this.shareCode(cells),
      referralCount: this.count(cells),
      referredBy,
      referredByKey: referredBy === null ? null : referrerKey(referredBy),
      confirmedAt: this.date(cells, 'confirmedAt'),
      createdAt: this.date(cells, 'createdAt'),
      externalId: this.text(cells, 'externalId'),
      attributes: this.attributes(cells),
      verdict: isActive ? null : 'not_active',
      message: isActive ? null : 'the file does not call this reader active',
    };
  }

  /** Trimmed, without the apostrophe that our own export puts before what a spreadsheet would compute. Empty when there is none. */
  private cell(cells: readonly string[], field: ImportField): string {
    const index = this.columns.at[field];
    const raw = index === undefined ? '' : (cells[index] ?? '');
    return raw === '' ? '' : unguardCell(raw.trim()).trim();
  }

  private text(cells: readonly string[], field: ImportField): string | null {
    const text = this.cell(cells, field);
    if (text === '') return null;
    if (text.length > LONGEST_TEXT) throw new BadCell(field, `has more than ${LONGEST_TEXT} characters`);
    if (/\p{Cc}|\p{Bidi_Control}/u.test(text) || textProblem(text) !== null) {
      throw new BadCell(field, 'holds a control character');
    }
    return text;
  }

  /** A language that is none of ours is no fault of the reader: they get the publication's. */
  private locale(cells: readonly string[]): 'en' | 'ja' | null {
    const text = this.cell(cells, 'locale').toLowerCase();
    if (text === '') return null;
    const language = /^([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*$/.exec(text)?.[1];
    if (language === undefined) throw new BadCell('locale', 'is not a language such as en or ja');
    return language === 'en' || language === 'ja' ? language : null;
  }

  private shareCode(cells: readonly string[]): string | null {
    const text = this.cell(cells, 'shareCode');
    if (text === '') return null;
    const code = normaliseShareCode(text);
    if (code === null) {
      throw new BadCell('shareCode', 'is not 3 to 32 letters, digits, hyphens or underscores');
    }
    return code;
  }

  private count(cells: readonly string[]): number | null {
    const text = this.cell(cells, 'referralCount');
    if (text === '') return null;
    // Spreadsheets and data frames make 3.0 of 3.
    const count = /^\d{1,7}(?:\.0+)?$/.test(text) ? Number(text) : NaN;
    if (!(count <= MOST_REFERRALS)) {
      throw new BadCell('referralCount', `is not a whole number from 0 to ${MOST_REFERRALS}`);
    }
    return count;
  }

  private date(cells: readonly string[], field: 'confirmedAt' | 'createdAt'): Date | null {
    const text = this.cell(cells, field);
    if (text === '') return null;
    const date = parseImportDate(text, this.dayFirst);
    if (date === null) throw new BadCell(field, 'is not a time such as 2026-11-21 or 2026-11-21T07:00:00Z');
    // A zone that the file leaves out may make the present look like a few hours from now.
    if (date.getTime() > this.now.getTime() + DAY_MS) throw new BadCell(field, 'lies in the future');
    return date;
  }

  private attributes(cells: readonly string[]): Record<string, string> | null {
    let found: Record<string, string> | null = null;
    for (const field of ATTRIBUTE_FIELDS) {
      const text = this.columns.at[field] === undefined ? null : this.text(cells, field);
      if (text !== null) (found ??= {})[field] = text;
    }
    return found;
  }
}

/** A referrer is told by address or by share code; what is neither is looked for as an externalId alone. */
function referrerKey(referredBy: string): string | null {
  if (!referredBy.includes('@')) return normaliseShareCode(referredBy);
  const parsed = parseAddress(referredBy);
  return parsed.ok ? parsed.address.emailKey : null;
}

const NOTHING = {
  emailKey: null,
  abuseKey: null,
  firstName: null,
  locale: null,
  shareCode: null,
  referralCount: null,
  referredBy: null,
  referredByKey: null,
  confirmedAt: null,
  createdAt: null,
  externalId: null,
  attributes: null,
};

function refused(typed: string, verdict: InvalidVerdict, message: string): ReadRow {
  // As much as an address can have, and nothing that the database would refuse.
  const email = typed.slice(0, LONGEST_TYPED).replace(/\0|\p{Surrogate}/gu, '\uFFFD');
  return { ...NOTHING, email, verdict, message };
}
