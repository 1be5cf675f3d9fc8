/** What spreadsheets take for a formula, or skip before one; the full-width forms count in Japanese and Chinese locales. */
const TRIGGER = '[=+\\-@\\t\\r\\n\\u0000\\uFF1D\\uFF0B\\uFF0D\\uFF20]';
// Any number of apostrophes before a trigger, so that a text which already looks guarded gets one more and none is lost.
const NEEDS_GUARD = new RegExp(`^'*${TRIGGER}`);
const HAS_GUARD = new RegExp(`^'+${TRIGGER}`);

/** A text as it may stand in a spreadsheet's cell: with an apostrophe before what could start a formula (OWASP, CSV injection). */
export function guardCell(value: string): string {
  return NEEDS_GUARD.test(value) ? `'${value}` : value;
}

/** Takes back exactly what `guardCell` adds; a text that was never guarded stays, an apostrophe of its own ("'tis") too. */
export function unguardCell(value: string): string {
  return HAS_GUARD.test(value) ? value.slice(1) : value;
}

/**
 * One line of a CSV file (RFC 4180): every field quoted, quotes doubled, CRLF at the end. Texts are guarded; numbers are
 * not (ours, never a formula), so that -3 stays a number. Null is an empty field.
 */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(field).join(',')}\r\n`;
}

function field(cell: string | number | boolean | null): string {
  if (cell === null) return '""';
  if (typeof cell !== 'string') return `"${cell}"`;
  return `"${guardCell(cell).replaceAll('"', '""')}"`;
}
