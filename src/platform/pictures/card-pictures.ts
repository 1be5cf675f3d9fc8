import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { drawableText } from '../../domain/footer.js';
import type { Locale } from '../templates.js';
import { Words } from '../words.js';
import { drawCard } from './card-drawing.js';
import { Fonts } from './fonts.js';
import { toPng } from './png.js';

/** Counted up when a card is drawn otherwise. */
const DRAWING = 1;
const MOST_BYTES = 16 * 1_048_576;

/** What a card is of. */
export interface Carded {
  locale: Locale;
  publication: string;
  title: string;
  kind: 'issue' | 'article' | 'page' | 'newsletter';
}

/** Draws what chats show of a shared link, each that looks different once. */
@Injectable()
export class CardPictures {
  // Whoever asks for one that is being drawn waits for it and draws none.
  private readonly pngs = new LRUCache<string, Buffer, Carded>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ length }) => length,
    fetchMethod: (_, __, { context }) => this.draw(context),
  });

  constructor(
    private readonly words: Words,
    private readonly fonts: Fonts,
  ) {}

  /** The same for all that look the same, in every process. */
  tag({ locale, publication, title, kind }: Carded): string {
    const told = JSON.stringify([DRAWING, locale, publication, title, kind]);
    return createHash('sha256').update(told).digest('base64url').slice(0, 22);
  }

  async png(carded: Carded): Promise<Buffer> {
    return (await this.pngs.fetch(this.tag(carded), { context: carded }))!;
  }

  private draw({ locale, publication, title, kind }: Carded): Promise<Buffer> {
    const drawable = (text: string) => drawableText(text, (codePoint) => this.fonts.has(codePoint)) ?? '';
    const say = (key: string) => String(this.words.say(locale, key, {}));
    const look = {
      locale,
      publication: drawable(publication),
      kind: kind === 'page' ? '' : say(`card.${kind}`),
      title: drawable(title) || drawable(publication),
      foot: say('card.recommended'),
    };
    return toPng(
      drawCard(look, (text, style) => this.fonts.measure(locale, text, style)),
      this.fonts,
      1,
    );
  }
}
