import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { drawableText, type FooterState, longestFitting } from '../../domain/footer.js';
import type { Locale } from '../templates.js';
import { Words } from '../words.js';
import type { Drawing } from './drawing.js';
import { Fonts, type TextStyle } from './fonts.js';
import { drawFooter, FOOTER_ROOM, type FooterMark, lineStyle, type Theme, titleStyle } from './footer-drawing.js';
import { toPng } from './png.js';
import { toSvg } from './svg.js';

/** Counted up when toPng or a font changes what it makes of the same drawing. Whatever the SVG shows is in the tag anyway. */
const PAINTING = 1;
const MOST_PNG_BYTES = 32 * 1_048_576;

export type Scale = 1 | 2;

/** A footer in one language and theme. */
export interface FooterPicture {
  /** The same for all that look the same, in every process. */
  id: string;
  /** What it says, whole: for `alt`, JSON and who is read to. */
  title: string;
  line: string;
  svg: string;
  drawing: Drawing;
}

/** Draws footers, each that looks different once, whosever it is. */
@Injectable()
export class FooterPictures {
  /** PNGs drawn since the start of this process. */
  drawn = 0;
  private readonly pictures = new LRUCache<string, FooterPicture>({ max: 5_000 });
  // Whoever asks for one that is being drawn waits for it and draws none.
  private readonly pngs = new LRUCache<string, Buffer, { drawing: Drawing; scale: Scale }>({
    maxSize: MOST_PNG_BYTES,
    sizeCalculation: ({ length }) => length,
    fetchMethod: (_, __, { context: { drawing, scale } }) => {
      this.drawn++;
      return toPng(drawing, this.fonts, scale);
    },
  });

  constructor(
    private readonly words: Words,
    private readonly fonts: Fonts,
  ) {}

  of(state: FooterState, locale: Locale, theme: Theme): FooterPicture {
    const key = JSON.stringify([{ ...state, milestone: null }, locale, theme]);
    let picture = this.pictures.get(key);
    if (picture === undefined) {
      picture = this.picture(state, locale, theme);
      this.pictures.set(key, picture);
    }
    return picture;
  }

  pngTag({ id }: FooterPicture, scale: Scale): string {
    return `${id}-${PAINTING}-${scale}`;
  }

  async png(picture: FooterPicture, scale: Scale): Promise<Buffer> {
    const { drawing } = picture;
    return (await this.pngs.fetch(this.pngTag(picture, scale), { context: { drawing, scale } }))!;
  }

  private picture(state: FooterState, locale: Locale, theme: Theme): FooterPicture {
    const measure = (text: string, style: TextStyle) => this.fonts.measure(locale, text, style);
    const drawing = drawFooter(
      { locale, theme, mark: this.mark(state, locale), ...this.fitting(state, locale) },
      measure,
    );
    const told = this.told(state, locale, 'reward' in state ? state.reward : null);
    const svg = toSvg(drawing, { title: told.title, description: told.line });
    const id = createHash('sha256').update(svg).digest('base64url').slice(0, 22);
    return { id, ...told, svg, drawing };
  }

  private mark(state: FooterState, locale: Locale): FooterMark {
    const say = (key: string, args: object) => this.say(locale, key, args);
    const number = say('footer.number', { count: state.count });
    switch (state.kind) {
      case 'invitation':
        return 'talk';
      case 'start':
      case 'underway':
        return {
          kind: 'ring',
          have: state.count,
          goal: state.goal,
          number,
          of: say('footer.of', { goal: state.goal }),
        };
      case 'done':
      case 'counted':
        return { kind: 'seal', number };
    }
  }

  /** The two lines with as much of the reward's name as there is room for. */
  private fitting(state: FooterState, locale: Locale): { title: string; line: string } {
    if (!('reward' in state)) return this.told(state, locale, null);
    const reward = drawableText(state.reward, (codePoint) => this.fonts.has(codePoint));
    if (reward === null) return this.told(state, locale, null);
    const fits = (cut: string) => {
      const { title, line } = this.told(state, locale, cut);
      const width = (text: string, style: TextStyle) => this.fonts.measure(locale, text, style);
      return width(title, titleStyle(locale)) <= FOOTER_ROOM && width(line, lineStyle(locale)) <= FOOTER_ROOM;
    };
    return this.told(state, locale, longestFitting(reward, fits));
  }

  /** @param reward what to call it; null where there is none, or it has no name that can be shown */
  private told(state: FooterState, locale: Locale, reward: string | null): { title: string; line: string } {
    const plain = { title: `footer.${state.kind}.title`, line: `footer.${state.kind}.line` };
    if (reward === null && state.kind === 'start') plain.line = 'footer.start.plain';
    if (reward === null && state.kind === 'underway') plain.title = 'footer.underway.plain';
    const args = { ...state, reward };
    return { title: this.say(locale, plain.title, args), line: this.say(locale, plain.line, args) };
  }

  private say(locale: Locale, key: string, args: object): string {
    return String(this.words.say(locale, key, { ...args }));
  }
}
