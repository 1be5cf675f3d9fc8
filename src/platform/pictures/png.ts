import { createCanvas, Path2D, type SKRSContext2D } from '@napi-rs/canvas';
import type { Circle, Drawing, Shape, Stroke, Text } from './drawing.js';
import type { Fonts } from './fonts.js';

/** A PNG of `scale` pixels to the CSS pixel. Drawing takes a millisecond; packing it is done in a thread of its own. */
export function toPng(drawing: Drawing, fonts: Fonts, scale: 1 | 2): Promise<Buffer> {
  const canvas = createCanvas(drawing.width * scale, drawing.height * scale);
  const context = canvas.getContext('2d');
  context.scale(scale, scale);
  for (const shape of drawing.shapes) {
    context.save();
    draw(context, shape, drawing, fonts);
    context.restore();
  }
  return canvas.encode('png');
}

function draw(context: SKRSContext2D, shape: Shape, drawing: Drawing, fonts: Fonts): void {
  switch (shape.kind) {
    case 'sheet': {
      const inset = shape.stroke.width / 2;
      context.beginPath();
      context.roundRect(inset, inset, drawing.width - 2 * inset, drawing.height - 2 * inset, shape.radius);
      context.fillStyle = shape.fill;
      context.fill();
      stroke(context, shape.stroke);
      context.stroke();
      return;
    }
    case 'area':
      context.fillStyle = shape.fill;
      context.fill(new Path2D(shape.d));
      return;
    case 'circle': {
      circle(context, shape);
      return;
    }
    case 'line':
      stroke(context, shape.stroke);
      context.lineCap = context.lineJoin = 'round';
      context.stroke(new Path2D(shape.d));
      return;
    case 'text': {
      text(context, shape, drawing, fonts);
      return;
    }
  }
}

function circle(context: SKRSContext2D, { x, y, radius, fill, stroke: line }: Circle): void {
  context.translate(x, y);
  context.rotate(radians(line?.dash?.turn ?? 0)); // and not from another angle on: of an arc from -90° to 270° Skia draws nothing
  context.beginPath();
  context.arc(0, 0, radius, 0, 2 * Math.PI);
  if (fill !== null) {
    context.fillStyle = fill;
    context.fill();
  }
  if (line === null) return;
  if (line.dash !== null) {
    const part = (2 * Math.PI * radius) / line.dash.whole;
    const lengths = line.dash.lengths.split(' ').map((length) => Number(length) * part);
    context.setLineDash(lengths);
  }
  stroke(context, line);
  context.stroke();
}

function text(context: SKRSContext2D, shape: Text, { locale }: Drawing, fonts: Fonts): void {
  if (shape.turn !== null) {
    context.translate(shape.turn.x, shape.turn.y);
    context.rotate(radians(shape.turn.degrees));
    context.translate(-shape.turn.x, -shape.turn.y);
  }
  fonts.use(context, locale, shape.text, shape.style);
  context.fillStyle = shape.fill;
  context.textAlign = shape.anchor === 'middle' ? 'center' : 'left';
  context.fillText(shape.text, shape.x, shape.y);
}

function stroke(context: SKRSContext2D, { color, width }: Stroke): void {
  context.strokeStyle = color;
  context.lineWidth = width;
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;
