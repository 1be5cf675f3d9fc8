import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import type { FooterState } from '../../domain/footer.js';
import { Words } from '../words.js';
import { Fonts } from './fonts.js';
import { FooterPictures, type Scale } from './footer-pictures.js';

const words = new Words();
const pictures = new FooterPictures(words, new Fonts());
const LOCALES = ['en', 'ja'] as const;
const THEMES = ['light', 'dark'] as const;

const towards = (count: number, goal: number, reward: string): FooterState => ({
  ...{ kind: count === 0 ? 'start' : 'underway', count, goal, remaining: goal - count },
  ...{ milestone: 'M', reward },
});
const STATES: FooterState[] = [
  { kind: 'invitation', count: 0 },
  towards(0, 3, 'Guide'),
  towards(0, 1, 'Guide'),
  towards(1, 3, 'Guide'),
  towards(2, 3, 'Guide'),
  towards(2, 4, 'Guide'),
  towards(2, 3, 'Rye'),
  towards(2, 3, '石臼挽きライ麦粉'),
  towards(12, 50, 'Guide'),
  towards(13, 50, 'Guide'),
  { kind: 'done', count: 31 },
  { kind: 'counted', count: 31 },
];

/** The pixels of a part of a PNG, in CSS pixels. */
async function pixels(png: Buffer, scale: Scale, [x, y, width, height]: [number, number, number, number]) {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return Buffer.from(context.getImageData(x * scale, y * scale, width * scale, height * scale).data);
}

const coloursIn = (rgba: Buffer) =>
  new Set(Array.from({ length: rgba.length / 4 }, (_, i) => rgba.readUInt32BE(i * 4)));

describe('the picture of a footer', () => {
  it('is a PNG of 600 × 120, or of twice that', async () => {
    for (const scale of [1, 2] as const) {
      const png = await pictures.png(pictures.of(STATES[1]!, 'en', 'light'), scale);
      expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([600 * scale, 120 * scale]);
    }
  });

  it('is another one for whatever looks different, and its mark and both of its lines are there', async () => {
    const seen = new Map<string, string>();
    for (const state of STATES) {
      for (const locale of LOCALES) {
        for (const theme of THEMES) {
          const name = JSON.stringify([state, locale, theme]);
          const picture = pictures.of(state, locale, theme);
          const png = await pictures.png(picture, 1);
          for (const part of [
            [20, 18, 88, 84],
            [126, 34, 400, 26],
            [126, 66, 400, 22],
            [555, 48, 24, 24],
          ] as const) {
            expect(coloursIn(await pixels(png, 1, [...part])).size, `${name} ${part.join()}`).toBeGreaterThan(5);
          }
          for (const tag of [picture.id, png.toString('base64')]) {
            expect(seen.get(tag), name).toBeUndefined();
            seen.set(tag, name);
          }
        }
      }
    }
  });

  it('draws all of a ring that has no gaps', async () => {
    const ring = async (count: number) =>
      pixels(await pictures.png(pictures.of(towards(count, 50, 'x'), 'en', 'light'), 1), 1, [28, 24, 72, 72]);
    const seal = (rgba: Buffer) => Array.from(coloursIn(rgba)).includes(0xb8301cff);
    expect(seal(await ring(0))).toBe(false);
    expect(seal(await ring(25))).toBe(true);
    expect(coloursIn(await ring(0))).toContain(0xd8d0c4ff);
  });

  it('keeps a name of any length off the arrow, and tells all of it to who is read to', async () => {
    const blank = await pixels(await pictures.png(pictures.of(STATES[0]!, 'en', 'light'), 1), 1, [548, 20, 12, 80]);
    for (const name of ['W'.repeat(120), '国'.repeat(120), 'i'.repeat(120), 'a b '.repeat(30)]) {
      for (const locale of LOCALES) {
        for (const count of [0, 1]) {
          const picture = pictures.of(towards(count, 12_345_678, name), locale, 'light');
          expect(await pixels(await pictures.png(picture, 1), 1, [548, 20, 12, 80]), name).toEqual(blank);
          expect(picture.title + picture.line).toContain(name.trim());
          expect(picture.svg.match(/<text[^>]*>[^<]*…/g)).toHaveLength(1);
        }
      }
    }
  });

  it('names no reward in a script that no font of ours has', () => {
    const picture = pictures.of(towards(1, 2, 'مرحبا بالعالم'), 'en', 'light');
    expect(picture.svg).toContain('>One more for your next thank-you</text>');
    expect(picture.title).toContain('مرحبا بالعالم');
  });

  it('is SVG without anything of an editor’s but text', () => {
    const svg = pictures.of(towards(1, 2, `</text><script>alert(1)</script>"'&\u202e]]>`), 'en', 'light').svg;
    expect(svg).not.toMatch(/<script|<\/text><|on\w+=/);
    expect(svg.match(/<[a-z]+/g)!.sort()).toEqual(
      ['<circle', '<circle', '<desc', '<path', '<rect', '<svg', '<text', '<text', '<text', '<text', '<title'].sort(),
    );
    expect(svg).toMatch(/role="img" aria-labelledby="title description"/);
    expect(svg).not.toMatch(/(href|src|url)\b/);
  });

  it('is drawn once, however many ask for it at the same time', async () => {
    const own = new FooterPictures(words, new Fonts());
    const all = await Promise.all(Array.from({ length: 50 }, () => own.png(own.of(STATES[2]!, 'ja', 'dark'), 2)));
    expect(new Set(all).size).toBe(1);
    expect(own.drawn).toBe(1);
    await own.png(own.of(STATES[2]!, 'ja', 'dark'), 2);
    expect(own.drawn).toBe(1);
    await own.png(own.of(STATES[2]!, 'ja', 'dark'), 1);
    expect(own.drawn).toBe(2);
  });
});

describe('the fonts', () => {
  const fonts = new Fonts();
  const SIZE = 40;

  function drawn(locale: 'en' | 'ja', text: string, weight: 400 | 700 = 400): string {
    const context = createCanvas(SIZE, SIZE).getContext('2d');
    fonts.use(context, locale, text, { size: 24, weight, spacing: 0 });
    context.fillText(text, 4, 30);
    return Buffer.from(context.getImageData(0, 0, SIZE, SIZE).data).toString('base64');
  }

  it('have a shape of its own for each letter: where one is missing, all look like the same box', () => {
    const letters = Array.from('Aagő0179あいアイ人紹介辻澤※†‰『』々ЖяΩệ—');
    for (const locale of LOCALES) {
      expect(new Set(letters.map((letter) => drawn(locale, letter))).size, locale).toBe(letters.length);
    }
    expect(letters.filter((letter) => !fonts.has(letter.codePointAt(0)!))).toEqual([]);
  });

  it('say what they do not have', () => {
    for (const letter of ['م', 'ไ', '한', '🎁', '\uffff']) {
      expect(fonts.has(letter.codePointAt(0)!), letter).toBe(false);
    }
  });

  it('have weights, in both faces', () => {
    for (const letter of ['a', '人']) expect(drawn('ja', letter, 700)).not.toBe(drawn('ja', letter, 400));
    const ink = (image: string) => Buffer.from(image, 'base64').reduce((sum, value) => sum + value, 0);
    expect(ink(drawn('ja', '人', 700))).toBeGreaterThan(ink(drawn('ja', '人', 400)));
  });
});
