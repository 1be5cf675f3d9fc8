import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Canvas, createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import type { Locale } from '../templates.js';

const require = createRequire(import.meta.url);

/** The faces that pages use too. Of a character that both have, the first one of the language draws it. */
const PACKAGES = { inter: '@fontsource-variable/inter', 'noto-sans-jp': '@fontsource-variable/noto-sans-jp' };
type Face = keyof typeof PACKAGES;
const ORDER: Record<Locale, readonly Face[]> = { en: ['inter', 'noto-sans-jp'], ja: ['noto-sans-jp', 'inter'] };

export interface TextStyle {
  /** CSS pixels. */
  size: number;
  weight: 400 | 500 | 700;
  /** CSS pixels between letters. */
  spacing: number;
}

/**
 * Our own fonts on a canvas, never those of the machine. They come in some 130 small files, each with a range of characters. Every
 * file is a family of its own, because of several under one name Skia uses one and draws boxes for the rest; it is
 * registered when a text first needs it, at 2 ms each. Weights are axis settings: asked for as a weight, Skia fattens the thinnest.
 */
export class Fonts {
  private readonly files = new Map<Face, Map<number, string>>();
  private readonly registered = new Set<string>();
  private readonly ruler: Canvas = createCanvas(1, 1);

  constructor() {
    for (const face of ORDER.en) this.files.set(face, charactersOf(face));
  }

  has(codePoint: number): boolean {
    return this.fileFor(ORDER.en, codePoint) !== undefined;
  }

  /** The width of a text in CSS pixels. */
  measure(locale: Locale, text: string, style: TextStyle): number {
    const context = this.ruler.getContext('2d');
    this.use(context, locale, text, style);
    return context.measureText(text).width;
  }

  /** Sets what a context draws this text with. */
  use(context: SKRSContext2D, locale: Locale, text: string, { size, weight, spacing }: TextStyle): void {
    const families = new Set<string>();
    for (const character of text) {
      const file = this.fileFor(ORDER[locale], character.codePointAt(0)!);
      if (file !== undefined) families.add(this.familyOf(file));
    }
    context.font = `${size}px ${[...families].join(', ') || 'none'}`;
    context.fontVariationSettings = `"wght" ${weight}`;
    context.letterSpacing = `${spacing}px`;
  }

  private fileFor(order: readonly Face[], codePoint: number): string | undefined {
    for (const face of order) {
      const file = this.files.get(face)?.get(codePoint);
      if (file !== undefined) return file;
    }
    return undefined;
  }

  private familyOf(file: string): string {
    const family = path.basename(file, '.woff2');
    if (this.registered.has(family)) return family;
    if (GlobalFonts.registerFromPath(file, family) === null) throw new Error(`the font ${file} cannot be read`);
    this.registered.add(family);
    return family;
  }
}

/** Which file of a face has a character. */
function charactersOf(face: Face): Map<number, string> {
  const folder = path.dirname(require.resolve(`${PACKAGES[face]}/package.json`));
  const subsets = JSON.parse(readFileSync(path.join(folder, 'unicode.json'), 'utf8')) as Record<string, string>;
  const files = new Map<number, string>();
  for (const [subset, ranges] of Object.entries(subsets)) {
    const file = path.join(folder, 'files', `${face}-${subset.replace(/[[\]]/g, '')}-wght-normal.woff2`);
    for (const range of ranges.split(',')) {
      const [from, to] = range.replace('U+', '').split('-');
      for (let at = parseInt(from!, 16); at <= parseInt(to ?? from!, 16); at++) files.set(at, file);
    }
  }
  return files;
}
