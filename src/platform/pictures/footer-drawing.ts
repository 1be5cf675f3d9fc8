import { ringArcs } from '../ring.js';
import type { Locale } from '../templates.js';
import type { Drawing, Shape } from './drawing.js';
import type { TextStyle } from './fonts.js';

export type Theme = 'light' | 'dark';

/** What stands at the left: the ring of the friends that count, the seal of who has reached everything, or two people talking. */
export type FooterMark =
  { kind: 'ring'; have: number; goal: number; number: string; of: string } | { kind: 'seal'; number: string } | 'talk';

/** `title` and `line` are as long as FOOTER_ROOM allows, in `titleStyle` and `lineStyle`. */
export interface FooterLook {
  locale: Locale;
  theme: Theme;
  mark: FooterMark;
  title: string;
  line: string;
}

const WIDTH = 600;
const HEIGHT = 120;
const TEXT_LEFT = 126;
/** From the left edge of the text to the arrow, less a gap. */
const TEXT_WIDTH = 420;
/** A long line is set this much smaller before anything is cut off. */
const SMALLEST = 0.82;
/** How wide a line may be in its full size. */
export const FOOTER_ROOM = TEXT_WIDTH / SMALLEST;

/** The colours of tokens.css. */
const COLOURS = {
  light: {
    paper: '#faf8f4', edge: '#e3ddd3', ring: '#d8d0c4', seal: '#b8301c', sealInk: '#ffffff', ink: '#1d1a17', muted: '#655e56',
  },
  dark: {
    paper: '#1f1c19', edge: '#34302b', ring: '#46403a', seal: '#f0836f', sealInk: '#1d0f0b', ink: '#f1ece4', muted: '#a99f93',
  },
} as const; // prettier-ignore
type Colours = (typeof COLOURS)[Theme];

const CENTRE = { x: 64, y: 60 };
const RING = { radius: 36, width: 8, gap: 4 };
const SEAL_TURN = { degrees: -7, ...CENTRE };

/** Japanese letters fill their squares: a smaller size looks the same. */
export const titleStyle = (locale: Locale): TextStyle =>
  locale === 'ja' ? { size: 20, weight: 700, spacing: 0 } : { size: 22, weight: 700, spacing: -0.3 };
export const lineStyle = (locale: Locale): TextStyle => ({
  size: locale === 'ja' ? 14.5 : 16,
  weight: 400,
  spacing: 0,
});

/** The width of a text in CSS pixels. */
type Measure = (text: string, style: TextStyle) => number;

/** The picture of a footer. */
export function drawFooter(look: FooterLook, measure: Measure): Drawing {
  const colours = COLOURS[look.theme];
  const written = (text: string, style: TextStyle, y: number, fill: string): Shape => ({
    ...{ kind: 'text', text, x: TEXT_LEFT, y, anchor: 'start', fill, turn: null },
    style: shrunk(text, style, TEXT_WIDTH, measure),
  });
  return {
    width: WIDTH,
    height: HEIGHT,
    locale: look.locale,
    shapes: [
      { kind: 'sheet', radius: 9.5, fill: colours.paper, stroke: { color: colours.edge, width: 1 } },
      ...markOf(look.mark, colours, measure),
      written(look.title, titleStyle(look.locale), 54, colours.ink),
      written(look.line, lineStyle(look.locale), 82, colours.muted),
      { kind: 'line', d: 'M564 52l8 8-8 8', stroke: { color: colours.seal, width: 3 } },
    ],
  };
}

function markOf(mark: FooterMark, colours: Colours, measure: Measure): Shape[] {
  if (mark === 'talk') return talk(colours);
  return mark.kind === 'ring' ? ring(mark, colours, measure) : seal(mark.number, colours, measure);
}

function ring(mark: Extract<FooterMark, { kind: 'ring' }>, colours: Colours, measure: Measure): Shape[] {
  const arcs = ringArcs(mark.have, mark.goal, RING.radius, RING.gap);
  const arc = (color: string, lengths: string): Shape => ({
    ...{ kind: 'circle', ...CENTRE, radius: RING.radius, fill: null },
    stroke: { color, width: RING.width, dash: { lengths, whole: mark.goal, turn: arcs.turn } },
  });
  const middle = { kind: 'text', x: CENTRE.x, anchor: 'middle', turn: null } as const;
  const number = shrunk(mark.number, { size: 28, weight: 700, spacing: 0 }, 54, measure);
  const of = shrunk(mark.of, { size: 11, weight: 500, spacing: 0 }, 46, measure);
  return [
    arc(colours.ring, arcs.all),
    ...(mark.have > 0 ? [arc(colours.seal, arcs.have)] : []),
    { ...middle, text: mark.number, y: 64, fill: colours.ink, style: number },
    { ...middle, text: mark.of, y: 79, fill: colours.muted, style: of },
  ];
}

function seal(number: string, colours: Colours, measure: Measure): Shape[] {
  const style = shrunk(number, { size: 27, weight: 700, spacing: 0 }, 56, measure);
  const baseline = CENTRE.y + style.size / 3;
  return [
    { kind: 'circle', ...CENTRE, radius: 40, fill: colours.seal, stroke: null },
    {
      ...{ kind: 'circle', ...CENTRE, radius: 33.5, fill: null },
      stroke: { color: colours.sealInk, width: 1.5, dash: null },
    },
    {
      ...{ kind: 'text', text: number, x: CENTRE.x, y: baseline, anchor: 'middle' },
      ...{ fill: colours.sealInk, style, turn: SEAL_TURN },
    },
  ];
}

/** Word of mouth, where there is no progress to show. */
function talk(colours: Colours): Shape[] {
  return [
    {
      kind: 'line',
      d: 'M34 34h44a6 6 0 0 1 6 6v22a6 6 0 0 1-6 6h-26l-10 10v-10h-8a6 6 0 0 1-6-6v-22a6 6 0 0 1 6-6z',
      stroke: { color: colours.seal, width: 4 },
    },
    { kind: 'line', d: 'M42 47h28M42 56h17', stroke: { color: colours.ring, width: 4 } },
    {
      kind: 'line',
      d: 'M92 52h2a6 6 0 0 1 6 6v18a6 6 0 0 1-6 6h-4v8l-9-8h-16a6 6 0 0 1-5-3',
      stroke: { color: colours.ring, width: 4 },
    },
  ];
}

/** The style with the size at which the text is at most so wide. */
function shrunk(text: string, style: TextStyle, width: number, measure: Measure): TextStyle {
  const size = Math.min(style.size, (style.size * width) / measure(text, style));
  return { ...style, size: Math.floor(size * 10) / 10 };
}
