import Handlebars from 'handlebars';
import type { Circle, Drawing, Shape, Stroke, Text } from './drawing.js';

const FAMILIES = {
  en: "'Inter Variable', Inter, 'Noto Sans JP Variable', sans-serif",
  ja: "'Noto Sans JP Variable', 'Noto Sans JP', 'Noto Sans CJK JP', 'Inter Variable', sans-serif",
};

/** An SVG document. It refers to nothing outside; its text is set in the viewer's own fonts. */
export function toSvg(drawing: Drawing, told: { title: string; description: string }): string {
  const { width, height, locale } = drawing;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" lang="${locale}" role="img" aria-labelledby="title description" font-family="${FAMILIES[locale]}">`,
    `<title id="title">${escape(told.title)}</title>`,
    `<desc id="description">${escape(told.description)}</desc>`,
    ...drawing.shapes.map((shape) => element(shape, drawing)),
    '</svg>\n',
  ].join('\n');
}

function element(shape: Shape, { width, height }: Drawing): string {
  switch (shape.kind) {
    case 'sheet': {
      const inset = shape.stroke.width / 2;
      return `<rect x="${inset}" y="${inset}" width="${width - 2 * inset}" height="${height - 2 * inset}" rx="${shape.radius}" fill="${shape.fill}"${strokeOf(shape.stroke)}/>`;
    }
    case 'area':
      return `<path d="${shape.d}" fill="${shape.fill}"/>`;
    case 'circle':
      return circle(shape);
    case 'line':
      return `<path d="${shape.d}" fill="none"${strokeOf(shape.stroke)} stroke-linecap="round" stroke-linejoin="round"/>`;
    case 'text':
      return text(shape);
  }
}

function circle({ x, y, radius, fill, stroke }: Circle): string {
  const dash = stroke?.dash
    ? ` pathLength="${stroke.dash.whole}" stroke-dasharray="${stroke.dash.lengths}" transform="rotate(${stroke.dash.turn} ${x} ${y})"`
    : '';
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill ?? 'none'}"${stroke ? strokeOf(stroke) : ''}${dash}/>`;
}

function text({ text: words, x, y, anchor, fill, style, turn }: Text): string {
  const spacing = style.spacing === 0 ? '' : ` letter-spacing="${style.spacing}"`;
  const turned = turn === null ? '' : ` transform="rotate(${turn.degrees} ${turn.x} ${turn.y})"`;
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${style.size}" font-weight="${style.weight}"${spacing} fill="${fill}"${turned}>${escape(words)}</text>`;
}

function strokeOf({ color, width }: Stroke): string {
  return ` stroke="${color}" stroke-width="${width}"`;
}

const escape = (words: string) => Handlebars.escapeExpression(words);
