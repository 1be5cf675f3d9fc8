import { parse } from 'tldts';

export type TextProblem = 'nul' | 'ill_formed';

// A surrogate that is half of no pair; with the u flag a whole pair is one character and does not match.
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What PostgreSQL would refuse in a text: NUL (its `text` cannot hold it), or a lone surrogate (no UTF-8 exists for it). */
export function textProblem(text: string): TextProblem | null {
  if (text.includes('\u0000')) return 'nul';
  return LONE_SURROGATE.test(text) ? 'ill_formed' : null;
}

type Place = { parent: Place; key: string | number } | null;

/**
 * The first text in a JSON value, keys included, that the database would refuse, and the way to it (a bad key ends its own
 * path). Null when all are fine. Walks in a loop, so that a body of a million brackets cannot end the stack.
 * @param value what `JSON.parse` returns: no cycles
 */
export function findTextProblem(value: unknown): { path: (string | number)[]; problem: TextProblem } | null {
  const waiting: { value: unknown; place: Place }[] = [{ value, place: null }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value: here, place } = next;
    if (typeof here === 'string') {
      const problem = textProblem(here);
      if (problem) return { path: pathTo(place), problem };
    } else if (Array.isArray(here)) {
      for (let i = here.length - 1; i >= 0; i--) waiting.push({ value: here[i], place: { parent: place, key: i } });
    } else if (typeof here === 'object' && here !== null) {
      const entries = Object.entries(here);
      for (let i = entries.length - 1; i >= 0; i--) {
        const [key, inner] = entries[i] as [string, unknown];
        const problem = textProblem(key);
        if (problem) return { path: pathTo({ parent: place, key }), problem };
        waiting.push({ value: inner, place: { parent: place, key } });
      }
    }
  }
  return null;
}

function pathTo(place: Place): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at = place; at; at = at.parent) path.push(at.key);
  return path.reverse();
}

const MAX_GRAPHEMES = 40;
// A grapheme can hold any number of marks; a name of 40 graphemes is never this long.
const MAX_UNITS = 400;

// Invisible, yet part of how names are written: variation selectors behind a Han character (辻󠄀 of family registers) or a
// picture, joiners inside Arabic and Indic words (Persian, Sinhala), and the joiner between two pictures (👩‍💻).
const ALLOWED_INVISIBLE = new RegExp(
  [
    String.raw`(?<=\p{Script=Han})[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]`,
    String.raw`(?<=\p{Extended_Pictographic})\uFE0F`,
    String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})`,
    ...[
      'Arabic',
      'Devanagari',
      'Bengali',
      'Gurmukhi',
      'Gujarati',
      'Oriya',
      'Tamil',
      'Telugu',
      'Kannada',
      'Malayalam',
      'Sinhala',
      'Khmer',
      'Myanmar',
    ].map(
      (script) => String.raw`(?<=\p{Script_Extensions=${script}})[\u200C\u200D](?=\p{Script_Extensions=${script}})`,
    ),
  ].join('|'),
  'gu',
);
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
const SOMETHING_TO_READ = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * A reader's name as it may stand in mails and pages for other people (hazards, rule 11): trimmed, blanks collapsed, cut to
 * 40 graphemes. Null when there is nothing to show: empty, with bidi, control or other invisible characters (except where
 * a script needs them), or with anything that a mail program could make a link of.
 */
export function displayName(raw: string): string | null {
  if (raw.length > 10 * MAX_UNITS) return null;
  const name = raw.trim().replace(/ {2,}/g, ' ');
  if (INVISIBLE.test(name.replace(ALLOWED_INVISIBLE, '')) || !SOMETHING_TO_READ.test(name) || looksLikeLink(name)) {
    return null;
  }
  // Segmenting costs 20 µs, and most names cannot have more graphemes than code units.
  if (name.length <= MAX_GRAPHEMES) return name;
  const cut = Array.from(graphemes.segment(name), (part) => part.segment)
    .slice(0, MAX_GRAPHEMES)
    .join('')
    .trimEnd();
  return cut.length > MAX_UNITS ? null : cut;
}

const INVISIBLE_OR_ALLOWED = new RegExp(`${ALLOWED_INVISIBLE.source}|(${INVISIBLE.source})`, 'gu');
// Longer than any text of 500 graphemes that a person writes; nothing beyond it is looked at.
const MAX_WORDS_UNITS = 10_000;

/**
 * What a reader wrote to the staff, as plain text of several lines: no bidi, control or other invisible characters (except
 * where a script needs them), no gaps of more than one empty line. Null when nothing is left; not ok above so many graphemes.
 */
export function plainWords(raw: string, most: number): { ok: true; words: string | null } | { ok: false } {
  if (raw.length > MAX_WORDS_UNITS) return { ok: false };
  const words = raw
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, ' ')
    .replace(INVISIBLE_OR_ALLOWED, (found, invisible) => (invisible === undefined || found === '\n' ? found : ''))
    .replace(/ +\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  if (words === '') return { ok: true, words: null };
  return words.length > most && [...graphemes.segment(words)].length > most ? { ok: false } : { ok: true, words };
}

/** Whether mail programs might link it: a scheme, a path, an address, `www.`, or a word with a real top-level domain ("St.John" has none). */
function looksLikeLink(name: string): boolean {
  // Full-width and other compatibility forms first; U+3002 is a dot for domains but not for NFKC.
  const plain = name
    .normalize('NFKC')
    .replace(/\u3002/g, '.')
    .toLowerCase();
  if (/[@/\\]|www\.|\b[a-z][a-z0-9+.-]*:\S/.test(plain)) return true;
  return plain.split(/[^\p{L}\p{M}\p{N}.\-:[\]]+/u).some((word) => {
    const host = word.replace(/^[.\-:]+|[.\-:]+$/g, '');
    if (!host.includes('.')) return false;
    const { isIp, isIcann } = parse(host);
    return isIp === true || isIcann === true;
  });
}
