import { createCanvas, loadImage } from '@napi-rs/canvas';
import jsQR from 'jsqr';
import { expect, test } from 'vitest';
import { Fonts } from './fonts.js';
import { QrCodes } from './qr-code.js';

const codes = new QrCodes(new Fonts());
const LINKS = [
  'https://s.example/r/k7m2xqdf?via=qr',
  `https://share.the-weekly-loaf.example/r/k7m2xqdf/${'how-rye-got-its-groove-'.repeat(2)}again?via=qr&for=bakers`,
];

/** What a camera reads; jsqr is a decoder that shares nothing with the encoder. */
async function read(picture: Buffer): Promise<string | undefined> {
  const image = await loadImage(picture);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return jsQR.default(data, image.width, image.height)?.data;
}

test.each(LINKS)('a camera reads the link, from the picture and from the drawing: %s', async (link) => {
  expect(await read(await codes.png(link))).toBe(link);
  expect(await read(Buffer.from(codes.svg(link, 'QR code')))).toBe(link);
});
