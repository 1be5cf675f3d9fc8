import type { Locale } from '../templates.js';
import type { TextStyle } from './fonts.js';

/** A picture as a list of shapes, in CSS pixels: one description for SVG and PNG, so that the two cannot differ. */
export interface Drawing {
  width: number;
  height: number;
  locale: Locale;
  shapes: Shape[];
}

export type Shape = Sheet | Area | Circle | Line | Text;

/** The ground of the picture. */
interface Sheet {
  kind: 'sheet';
  radius: number;
  fill: string;
  stroke: Stroke;
}

/** `d` as in SVG; filled. */
interface Area {
  kind: 'area';
  d: string;
  fill: string;
}

export interface Circle {
  kind: 'circle';
  x: number;
  y: number;
  radius: number;
  fill: string | null;
  stroke: (Stroke & { dash: Dash | null }) | null;
}

/** `d` as in SVG. */
interface Line {
  kind: 'line';
  d: string;
  stroke: Stroke;
}

export interface Text {
  kind: 'text';
  text: string;
  /** Of the baseline, in the middle of the text or at its start. */
  x: number;
  y: number;
  anchor: 'start' | 'middle';
  fill: string;
  style: TextStyle;
  turn: { degrees: number; x: number; y: number } | null;
}

export interface Stroke {
  color: string;
  /** CSS pixels. */
  width: number;
}

/** `lengths` are in parts of which the whole circle has so many, as `pathLength` says in SVG; it begins at `turn` degrees. */
export interface Dash {
  lengths: string;
  whole: number;
  turn: number;
}
