import { isUrlName, isWebText } from './check-syntax.js';
import { placeIn, type TemplateProblem } from './problem.js';

const VOID = new Set(['br', 'hr', 'img']);
const TAGS = new Set([
  ...['h1', 'h2', 'h3', 'p', 'br', 'hr', 'a', 'strong', 'b', 'em', 'i', 'u', 's', 'small', 'sup', 'sub', 'span', 'div'],
  ...['blockquote', 'ul', 'ol', 'li', 'table', 'tbody', 'thead', 'tr', 'td', 'th', 'img', 'code', 'pre'],
]);
const EVERYWHERE = new Set(['class', 'style', 'title', 'lang', 'dir', 'align', 'role', 'aria-hidden', 'aria-label']);
const TABLE = new Set(['width', 'height', 'cellpadding', 'cellspacing', 'border', 'bgcolor', 'valign']);
const CELL = new Set([...TABLE, 'colspan', 'rowspan']);
const OF_TAG: Readonly<Record<string, ReadonlySet<string>>> = {
  a: new Set(['href']),
  img: new Set(['src', 'alt', 'width', 'height', 'border']),
  table: TABLE,
  tr: TABLE,
  td: CELL,
  th: CELL,
};
/** Attributes that may say what the mail brings; the others are the same in every mail. */
const MAY_VARY = new Set(['title', 'alt', 'aria-label']);

const BRACES = /\{\{!--[\s\S]*?--~?\}\}|\{\{[\s\S]*?\}\}/g;
/** Stands for a character between braces. */
const COVER = '\u0001';
const OPEN_TAG = /<([a-z][a-z0-9]*)((?:\s+[a-z-]+\s*=\s*"[^"]*")*)\s*\/?>/iy;
const CLOSE_TAG = /<\/([a-z][a-z0-9]*)\s*>/iy;

/** What opens or closes in the text, in order. */
type Mark = { at: number } & ({ kind: 'tag' } | { kind: 'begin' | 'else' | 'end' });

/**
 * Mistakes in the markup of an HTML part whose braces are in order. It stands inside the layout, so that it must close what it
 * opens, in every branch; nothing in it may run or fetch.
 */
export function checkMarkup(html: string): TemplateProblem[] {
  const braces = [...html.matchAll(BRACES)].map((match) => ({ at: match.index, text: match[0] }));
  const covered = html.replace(BRACES, (text) => text.replace(/[^\n]/g, COVER));
  const marks: Mark[] = [
    ...braces.flatMap(({ at, text }): Mark[] => {
      const kind = /^\{\{~?#/.test(text)
        ? 'begin'
        : /^\{\{~?\//.test(text)
          ? 'end'
          : /^\{\{~?\s*else\b/.test(text)
            ? 'else'
            : null;
      return kind === null ? [] : [{ at, kind }];
    }),
    ...[...covered.matchAll(/</g)].map(({ index }): Mark => ({ at: index, kind: 'tag' })),
  ].sort((one, other) => one.at - other.at);
  return new Reading(html, covered).read(marks);
}

class Reading {
  private readonly problems: TemplateProblem[] = [];
  private readonly open: { name: string; at: number }[] = [];
  /** How many tags were open where each block began. */
  private readonly blocks: number[] = [];
  private end = 0;

  constructor(
    private readonly html: string,
    private readonly covered: string,
  ) {}

  read(marks: readonly Mark[]): TemplateProblem[] {
    for (const mark of marks) {
      if (mark.at < this.end) {
        if (mark.kind !== 'tag') this.say(mark.at, 'a block must not stand inside a tag');
      } else if (mark.kind === 'tag') this.tag(mark.at);
      else this.block(mark.kind);
    }
    for (const { name, at } of this.open) this.say(at, `<${name}> is not closed`);
    return this.problems;
  }

  private block(kind: 'begin' | 'else' | 'end'): void {
    if (kind === 'begin') {
      this.blocks.push(this.open.length);
      return;
    }
    const depth = this.blocks.at(-1) ?? 0;
    for (const left of this.open.splice(depth)) {
      this.say(left.at, `<${left.name}> must be closed in the block that opens it`);
    }
    if (kind === 'end') this.blocks.pop();
  }

  private tag(at: number): void {
    const closing = matchAt(CLOSE_TAG, this.covered, at);
    if (closing !== null) {
      this.end = at + closing[0].length;
      const name = closing[1]!.toLowerCase();
      if (this.open.length <= (this.blocks.at(-1) ?? 0) || this.open.at(-1)!.name !== name) {
        this.say(at, `</${name}> closes nothing that is open here`);
      } else this.open.pop();
      return;
    }
    const opening = matchAt(OPEN_TAG, this.covered, at);
    if (opening === null) {
      this.say(
        at,
        'a tag that cannot be read: values stand in "double quotes", comments are not allowed, and < itself is &lt;',
      );
      return;
    }
    this.end = at + opening[0].length;
    const name = opening[1]!.toLowerCase();
    if (!TAGS.has(name)) {
      this.say(at, `<${name}> is not allowed in a mail`);
      return;
    }
    if (!VOID.has(name)) this.open.push({ name, at });
    this.attributes(name, at, at + 1 + name.length, opening[2]!);
  }

  private attributes(tag: string, at: number, from: number, text: string): void {
    const found = new Map<string, string>();
    for (const match of text.matchAll(/([a-z-]+)\s*=\s*"([^"]*)"/gi)) {
      const name = match[1]!.toLowerCase();
      const start = from + match.index + match[0].length - 1 - match[2]!.length;
      const value = this.html.slice(start, start + match[2]!.length);
      found.set(name, value);
      const problem = problemOf(tag, name, value);
      if (problem !== null) this.say(from + match.index, problem);
    }
    if (tag === 'img' && !found.has('alt')) this.say(at, '<img> needs an alt text; alt="" where it only adorns');
    if (tag === 'img' && !found.has('src')) this.say(at, '<img> needs a src');
    if (tag === 'a' && !found.has('href')) this.say(at, '<a> needs a href');
  }

  private say(at: number, message: string): void {
    this.problems.push({ field: 'html', ...placeIn(this.html, at), message });
  }
}

function problemOf(tag: string, name: string, value: string): string | null {
  const isKnown = EVERYWHERE.has(name) || (OF_TAG[tag]?.has(name) ?? false);
  if (!isKnown) return `<${tag}> may have no ${name}`;
  if (name === 'href' || name === 'src') return addressProblem(name, value);
  if (value.includes('{{') && !MAY_VARY.has(name)) return `${name} must be the same in every mail`;
  if (name === 'class' && !/^(m-[a-z-]+\s*)*$/.test(value)) {
    return 'class may only name classes of the layout, such as m-p';
  }
  if (name === 'style' && /url\s*\(|expression|position|[\\@<>{}]|\/\*/i.test(value)) {
    return 'style may fetch nothing and move nothing out of its place';
  }
  return null;
}

function addressProblem(name: string, value: string): string | null {
  const variable = /^\{\{~?\s*([\w.]+)\s*~?\}\}$/.exec(value)?.[1];
  const fits = variable === undefined ? !value.includes('{{') && isWebText(value) : isUrlName(variable);
  return fits
    ? null
    : `${name} must be one …Url of the mail, or an address that begins with https://, http:// or mailto:`;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
