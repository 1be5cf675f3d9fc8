import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import { Injectable } from '@nestjs/common';
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

/** In no font, and never will be. */
const NO_CHARACTER = '\uffff';
const PROBE: TextStyle = { size: 20, weight: 400, spacing: 0 };
const PROBE_PIXELS = 32;

/**
 * Our own fonts on a canvas, never those of the machine. They come in some 130 small files, each with a range of characters. Every
 * file is a family of its own, because of several under one name Skia uses one and draws boxes for the rest; it is
 * registered when a text first needs it, at 2 ms each. Weights are axis settings: asked for as a weight, Skia fattens the thinnest.
 */
@Injectable()
export class Fonts {
  private readonly claims = new Map<Face, Map<number, string[]>>();
  private readonly found: Record<Locale, Map<number, string | null>> = { en: new Map(), ja: new Map() };
  private readonly registered = new Map<string, { family: string; box: Buffer }>();
  private readonly ruler = createCanvas(PROBE_PIXELS, PROBE_PIXELS).getContext('2d');

  constructor() {
    for (const face of ORDER.en) this.claims.set(face, claimsOf(face));
  }

  has(codePoint: number): boolean {
    return this.familyFor('en', codePoint) !== null;
  }

  /** The width of a text in CSS pixels. */
  measure(locale: Locale, text: string, style: TextStyle): number {
    this.use(this.ruler, locale, text, style);
    return this.ruler.measureText(text).width;
  }

  /** Sets what a context draws this text with. */
  use(context: SKRSContext2D, locale: Locale, text: string, style: TextStyle): void {
    const families = new Set<string>();
    for (const character of text) {
      const family = this.familyFor(locale, character.codePointAt(0)!);
      if (family !== null) families.add(family);
    }
    set(context, [...families].join(', ') || 'none', style);
  }

  /** The family that draws a character; null when none of ours does. */
  private familyFor(locale: Locale, codePoint: number): string | null {
    const known = this.found[locale].get(codePoint);
    if (known !== undefined) return known;
    const files = ORDER[locale].flatMap((face) => this.claims.get(face)?.get(codePoint) ?? []);
    const family = files.map((file) => this.register(file)).find((one) => this.draws(one, codePoint))?.family ?? null;
    this.found[locale].set(codePoint, family);
    return family;
  }

  /** Files claim whole blocks of which they have a part: ※ is in the block that the Latin file claims, and in a Japanese one. */
  private draws({ family, box }: { family: string; box: Buffer }, codePoint: number): boolean {
    return !this.probe(family, String.fromCodePoint(codePoint)).equals(box);
  }

  private register(file: string): { family: string; box: Buffer } {
    const known = this.registered.get(file);
    if (known !== undefined) return known;
    const family = path.basename(file, '.woff2');
    if (GlobalFonts.registerFromPath(file, family) === null) throw new Error(`the font ${file} cannot be read`);
    const made = { family, box: this.probe(family, NO_CHARACTER) };
    this.registered.set(file, made);
    return made;
  }

  private probe(family: string, character: string): Buffer {
    const context = this.ruler;
    context.clearRect(0, 0, PROBE_PIXELS, PROBE_PIXELS);
    set(context, family, PROBE);
    context.fillText(character, 4, 24);
    return Buffer.from(context.getImageData(0, 0, PROBE_PIXELS, PROBE_PIXELS).data);
  }
}

function set(context: SKRSContext2D, families: string, { size, weight, spacing }: TextStyle): void {
  context.font = `${size}px ${families}`;
  context.fontVariationSettings = `"wght" ${weight}`;
  context.letterSpacing = `${spacing}px`;
}

/** The files of a face that say they have a character. */
function claimsOf(face: Face): Map<number, string[]> {
  const folder = path.dirname(require.resolve(`${PACKAGES[face]}/package.json`));
  const subsets = JSON.parse(readFileSync(path.join(folder, 'unicode.json'), 'utf8')) as Record<string, string>;
  const files = new Map<number, string[]>();
  for (const [subset, ranges] of Object.entries(subsets)) {
    const file = path.join(folder, 'files', `${face}-${subset.replace(/[[\]]/g, '')}-wght-normal.woff2`);
    for (const range of ranges.split(',')) {
      const [from, to] = range.replace('U+', '').split('-');
      for (let at = parseInt(from!, 16); at <= parseInt(to ?? from!, 16); at++) {
        files.set(at, [...(files.get(at) ?? []), file]);
      }
    }
  }
  return files;
}
