import { longestFitting } from '../../domain/footer.js';
import type { Locale } from '../templates.js';
import type { Drawing, Shape } from './drawing.js';
import type { TextStyle } from './fonts.js';

/** What stands on the card of a link; every text can be drawn. */
export interface CardLook {
  locale: Locale;
  publication: string;
  /** What it is: an issue, an article; empty for neither. */
  kind: string;
  title: string;
  /** Below the line. */
  foot: string;
}

export type Measure = (text: string, style: TextStyle) => number;

const [WIDTH, HEIGHT, MARGIN] = [1_200, 630, 80];
const ROOM = WIDTH - 2 * MARGIN;
/** Largest first: the first in which the title has room. */
const SIZES = [
  { size: 104, lines: 2, leading: 112, top: 300 },
  { size: 76, lines: 3, leading: 88, top: 262 },
  { size: 58, lines: 4, leading: 70, top: 240 },
];
const COLOURS = {
  paper: '#faf8f4',
  line: '#e3ddd3',
  ink: '#1d1a17',
  muted: '#655e56',
  seal: '#b8301c',
  sealInk: '#ffffff',
};
const SEAL = { x: 1_030, y: 510, radius: 76 };

/** A card of 1200 × 630, as Open Graph asks for: the publication above, the title large, who recommends it below. */
export function drawCard({ locale, publication, kind, title, foot }: CardLook, measure: Measure): Drawing {
  const text = (words: string, x: number, y: number, fill: string, style: TextStyle): Shape => ({
    ...{ kind: 'text', text: words, x, y, anchor: 'start', fill, style, turn: null },
  });
  const head: TextStyle = { size: 44, weight: 700, spacing: -0.5 };
  const small: TextStyle = { size: 28, weight: 400, spacing: 0 };
  const kindWidth = kind === '' ? 0 : measure(kind, small);
  const name = longestFitting(publication, (cut) => measure(cut, head) <= ROOM - kindWidth - 40);
  return {
    width: WIDTH,
    height: HEIGHT,
    locale,
    shapes: [
      { kind: 'area', d: `M0 0h${WIDTH}v${HEIGHT}h-${WIDTH}z`, fill: COLOURS.paper },
      text(name, MARGIN, 112, COLOURS.ink, head),
      ...(kind === '' ? [] : [text(kind, WIDTH - MARGIN - kindWidth, 112, COLOURS.muted, small)]),
      { kind: 'line', d: `M${MARGIN} 146h${ROOM}M${MARGIN} 152h${ROOM}`, stroke: { color: COLOURS.ink, width: 2 } },
      ...titleOf(title, locale, measure).map(({ words, y, style }) => text(words, MARGIN - 4, y, COLOURS.ink, style)),
      { kind: 'line', d: `M${MARGIN} 522h${ROOM}`, stroke: { color: COLOURS.line, width: 2 } },
      text(foot, MARGIN, 576, COLOURS.muted, small),
      { kind: 'circle', ...SEAL, fill: COLOURS.seal, stroke: null },
      ...talk(),
    ],
  };
}

/** Word of mouth, on the seal. */
function talk(): Shape[] {
  const stroke = { color: COLOURS.sealInk, width: 6 };
  return [{ kind: 'line', d: 'M992 476h76a10 10 0 0 1 10 10v36a10 10 0 0 1-10 10h-44l-18 18v-18h-14a10 10 0 0 1-10-10v-36a10 10 0 0 1 10-10zM1004 497h52M1004 512h32', stroke }]; // prettier-ignore
}

function titleOf(title: string, locale: Locale, measure: Measure) {
  for (const { size, lines, leading, top } of SIZES) {
    // Japanese letters fill their squares: a smaller size looks the same.
    const style: TextStyle = {
      size: locale === 'ja' ? size * 0.86 : size,
      weight: 700,
      spacing: locale === 'ja' ? -1 : -size / 32,
    };
    const broken = linesOf(title, (words) => measure(words, style) <= ROOM);
    const isLast = size === SIZES.at(-1)!.size;
    if (broken.length > lines && !isLast) continue;
    const shown = broken.slice(0, lines);
    if (broken.length > lines) {
      shown[lines - 1] = longestFitting(broken.slice(lines - 1).join(' '), (cut) => measure(cut, style) <= ROOM);
    }
    const first = top + ((lines - shown.length) * leading) / 2;
    return shown.map((words, n) => ({ words, y: first + n * leading, style }));
  }
  throw new Error('the last size takes every title');
}

/** A break may stand after a space, and between the letters of scripts that write none. */
const BREAKS =
  /(?<=\s)|(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。])(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/u;

function linesOf(title: string, fits: (words: string) => boolean): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of title.split(BREAKS)) {
    if (line !== '' && !fits((line + word).trimEnd())) {
      lines.push(line.trim());
      line = '';
    }
    line += word;
    // A word that is wider than the card alone.
    while (!fits(line.trimEnd())) {
      const part = longestFitting(line.trim(), fits).replace(/…$/u, '');
      lines.push(part);
      line = line.trim().slice(Math.max(1, part.length));
    }
  }
  return [...lines, line.trim()].filter((one) => one !== '');
}
