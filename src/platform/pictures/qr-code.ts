import { Injectable } from '@nestjs/common';
import { encode } from 'uqr';
import type { Locale } from '../templates.js';
import type { Drawing } from './drawing.js';
import { Fonts } from './fonts.js';
import { toPng } from './png.js';
import { toSvg } from './svg.js';

/** CSS pixels of a module. A PNG has twice as many, enough for a poster of the kitchen door. */
const MODULE = 8;
/** ISO/IEC 18004 asks for four modules of nothing around it. */
const QUIET = 4;
const INK = '#1d1a17';
const PAPER = '#ffffff';

/** Codes for a camera. Dark on light in both themes, since not every reader knows them the other way round. */
@Injectable()
export class QrCodes {
  constructor(private readonly fonts: Fonts) {}

  /** @param title what it is, for who is read to */
  svg(text: string, title: string): string {
    return toSvg(draw(text, 'en'), { title, description: text });
  }

  png(text: string): Promise<Buffer> {
    return toPng(draw(text, 'en'), this.fonts, 2);
  }
}

/** With level M, as the stain on a poster is larger than a speck on a screen. */
function draw(text: string, locale: Locale): Drawing {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const side = (size + 2 * QUIET) * MODULE;
  const d = data.flatMap((row, y) => runs(row).map(([x, length]) => square(x, y, length))).join('');
  return {
    ...{ width: side, height: side, locale },
    shapes: [
      { kind: 'sheet', radius: 0, fill: PAPER, stroke: { color: PAPER, width: 0 } },
      { kind: 'area', d, fill: INK },
    ],
  };
}

function square(x: number, y: number, length: number): string {
  return `M${(x + QUIET) * MODULE} ${(y + QUIET) * MODULE}h${length * MODULE}v${MODULE}h${-length * MODULE}z`;
}

/** Where dark modules stand beside each other, and how many: in one piece no seams can show between them. */
function runs(row: readonly boolean[]): [x: number, length: number][] {
  const found: [number, number][] = [];
  row.forEach((isDark, x) => {
    if (!isDark) return;
    const last = found.at(-1);
    if (last !== undefined && last[0] + last[1] === x) last[1]++;
    else found.push([x, 1]);
  });
  return found;
}
